"""The failures of endpoints as scenarios, under the names by which they are scripted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from devidp.faults.failures import FAILURES, LIMITS, Failure
from devidp.faults.failures.expectation import EITHER, Expectation
from devidp.judge.scenarios import MOST_REPEATS, Mode, Scenario
from devidp.report import Severity

PLACES = ("discovery", "register", "par", "device_authorization", "authorize", "token", "jwks", "userinfo")
"""The endpoints that a client asks while it logs a user in."""
SEEN_BEHIND_A_BROWSER = ("error", "slow")
"""What of the failures of any endpoint comes through the browser to the client; the others are a page there."""
SECONDS = {"slow": 1.0, "endless-body": LIMITS["seconds"][1]}
"""Of what is waited for at each endpoint, shorter than the default; of what no client may wait for, the longest."""
ONLY_AT = {"endless-body": ("discovery",)}
"""What takes its time, and is met by the same code of a client everywhere."""
FIELDS = {
    "authorization_endpoint": "authorize",
    "token_endpoint": "token",
    "registration_endpoint": "register",
    "jwks_uri": "jwks",
    "userinfo_endpoint": "userinfo",
}
"""Of the metadata, whose addresses a client follows, and the endpoints that they name."""
ONCE = ("slow",)
"""What is as clear at one of the pages of a login as at all."""
MODES: dict[str, Mode] = {
    "pkce-missing": "mcp",
    "pkce-plain-only": "mcp",
    "openid-metadata-missing": "mcp",  # to a client of OpenID Connect there is no other (Discovery section 4)
    "no-id-token": "oidc",
}
"""What a specification asks of one kind of client only."""
NEEDS_PARAMETER = {"state-changed": "state", "state-missing": "state"}
"""What a client has nothing to compare with unless it has sent this."""
MANY = 60
"""Redirects that clients of HTTP usually follow at most, and some more."""
DEFAULT = re.compile(r"(\w+) by default")
OPTIONS = re.compile(
    r" \(\w+ by default\)|: \w+ by default|, another origin by default|, `retry_after` seconds|, `to`(?=\.)|"
    r" `seconds`(?= late)|, for `seconds`"
)
"""What a sentence says of the options of its failure."""
IN_OTHER_WORDS = {
    "error": "An OAuth error.",
    "status": "500 with an empty body.",
    "error-without-state": "The answer is an error without the `state` that the client sent.",
    "field-extra": "There is a field that no specification defines: a client has to ignore it.",
}
UNVERIFIED = "The ID token is believed without a look at its signature"


def scenarios(foreign: str) -> Iterator[Scenario]:
    """One for each failure at each endpoint that a client asks; ``foreign`` is the base of another origin."""
    for failure in FAILURES.values():
        for place in failure.endpoints or PLACES:
            if place not in ONLY_AT.get(failure.name, PLACES) or _stays_in_browser(failure, place):
                continue
            if failure.group == "endpoint":
                yield from (_of_field(failure, field, foreign) for field in FIELDS)
            else:
                yield _scenario(failure, place, foreign)


def _stays_in_browser(failure: Failure, place: str) -> bool:
    return place == "authorize" and not failure.redirect and failure.name not in SEEN_BEHIND_A_BROWSER


def _of_field(failure: Failure, field: str, foreign: str) -> Scenario:
    scenario = _scenario(failure, "discovery", foreign, field=field)
    return replace(scenario, name=f"{failure.name}:{field}", needs=(FIELDS[field],))


def _scenario(failure: Failure, place: str, foreign: str, **chosen: str) -> Scenario:
    expects = _expectation(failure, place)
    known: dict[str, Any] = {"to": foreign or None, "seconds": SECONDS.get(failure.name), **chosen}
    options = {name: known[name] for name in failure.options if known.get(name)}
    once = {"times": 1} if expects.duty == "retry" or failure.name in ONCE else {}
    return Scenario(
        name=failure.name if len(failure.endpoints) == 1 else f"{failure.name}:{place}",
        group=failure.group,
        description=_as_met(failure),
        section=failure.section,
        place=place,
        duty=expects.duty,
        severity=Severity[expects.severity.upper()],
        why=expects.why,
        topic=expects.topic,
        entries=(("failures", {"endpoint": place, "failure": failure.name, **options, **once}),),
        needs=(place,),
        needs_parameter=NEEDS_PARAMETER.get(failure.name, ""),
        mode=MODES.get(failure.name, ""),
        most_repeats=MANY if failure.name == "redirect-loop" else MOST_REPEATS,
    )


def _as_met(failure: Failure) -> str:
    """The sentence of the failure without its options, which a client does not see."""
    if failure.name in IN_OTHER_WORDS:
        return IN_OTHER_WORDS[failure.name]
    default = DEFAULT.search(failure.description)
    field = "an endpoint" if failure.group == "endpoint" else f"`{default[1]}`" if default else "`field`"
    return OPTIONS.sub("", failure.description).replace("`field`", field).replace("`to`", "another origin")


def _expectation(failure: Failure, place: str) -> Expectation:
    """What fails at any endpoint means more at some."""
    expects = failure.expects
    if not failure.general or expects.duty != "report":
        return expects
    if place == "userinfo":  # what it says may be dispensable, or in the ID token
        return EITHER
    return replace(expects, severity="high", topic="id-token", why=UNVERIFIED) if place == "jwks" else expects

"""What could go wrong on purpose if a step of a flow were made again, and what a person does to make it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from devidp.dashboard.controls.catalogue import ARMABLE, ENDPOINTS, Entry
from devidp.faults import MintRefused, arming
from devidp.faults.failures import FAILURES, Failure, possible_at
from devidp.models import Event
from devidp.oauth import names
from devidp.store.overrides import Match, Scripted
from devidp.web import failure_places
from devidp.web.control import matching, possible
from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.runtime import Runtime

LOGIN: Final = "Log in with {client} once more, from its first page on."
DEVICE: Final = "Start the login of the device once more."
API_CALL: Final = "Let the API check a token once more: call it."
HOW: Final = {
    "authorize": LOGIN,
    "par": LOGIN,
    "device": DEVICE,
    "device_authorization": DEVICE,
    "introspect": API_CALL,
    "tokeninfo": API_CALL,
    "userinfo": "Let {client} ask for the claims of the user once more.",
    "jwks": "Let the API or client fetch the keys once more: most keep them, so restart it.",
    "discovery": "Restart {client}: most clients fetch metadata once.",
    "register": "Let {client} forget that it is registered: delete what it has stored, and start it.",
    "logout": "Log out of {client} once more.",
}
"""By the endpoint, what makes the request come again."""
BY_GRANT: Final = {
    names.CLIENT_CREDENTIALS: "Let {client} ask for a token once more.",
    names.REFRESH_TOKEN: "Let {client} refresh its token: it does that when the token expires, so advance the clock.",
    names.DEVICE_CODE: DEVICE,
    names.AUTHORIZATION_CODE: LOGIN,
}
"""The same at the token endpoint."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``kind`` is ``fault`` or ``failure``."""

    kind: str
    entry: Entry

    @property
    def value(self) -> str:
        """In a form."""
        return f"{self.kind}:{self.entry.name}"


def place_of(event: Event) -> str:
    """Where a failure of the step would be; empty where none can be."""
    name = failure_places.GROUPED.get(event.endpoint, event.endpoint)
    return name if name in failure_places.places() else ""


def choices(runtime: Runtime, event: Event) -> Iterator[Choice]:
    """The faults that tokens of the step can have, then the failures that its answer can have."""
    issued, place = _issued(event), place_of(event)
    matched = matching.parse(runtime, _match(event)) if issued else Match()
    for entry in ARMABLE.values():
        if entry.where[0] in issued and _can_be(entry.name, runtime, matched):
            yield Choice("fault", entry)
    for name in possible_at(place) if place else ():
        with suppress(ControlError):
            possible.check(runtime, place, FAILURES[name], {}, _match(event, FAILURES[name]))
            yield Choice("failure", ENDPOINTS[name])


def _can_be(fault: str, runtime: Runtime, matched: Match) -> bool:
    try:
        arming.check(runtime.issuers, Scripted(0, fault, match=matched), ())
    except MintRefused:
        return False
    return True


def _match(event: Event, failure: Failure | None = None) -> dict[str, Any]:
    """The same client at the same issuer, as far as that is known when ``failure`` happens."""
    match: dict[str, Any] = {"issuer": event.issuer, "client": event.client or None}
    before, after = failure_places.CRITERIA.get(place_of(event), ((), ()))
    if failure is not None and "client" not in (before if failure.before else after):
        del match["client"]
    return match


def _issued(event: Event) -> set[str]:
    """The types of token that come of the step."""
    if event.endpoint == "logout":
        return {"logout"}
    if event.endpoint != "token":
        return set()
    if event.asked.get("requested_token_type") == names.ID_JAG_TYPE:
        return {"id-jag"}
    asked = event.scope or event.asked.get("requested_scope", "")
    return {"access", "id"} if "openid" in asked.split() else {"access"}


def arm(control: Controller, event: Event, chosen: str) -> Scripted:
    """Let the next request like ``event`` of the same client meet what was ``chosen``; raises ControlError."""
    known = {each.value: each for each in choices(control.runtime, event)}
    if chosen not in known:
        raise UnknownName("fault or failure of this step", chosen, known)
    choice = known[chosen]
    if choice.kind == "fault":
        return control.arm(choice.entry.name, **_match(event))
    name = choice.entry.name
    return control.failures.fail(place_of(event), name, **_match(event, FAILURES[name]))


def how(event: Event) -> str:
    """What to do now so that the request comes."""
    found = BY_GRANT.get(event.grant) if event.endpoint == "token" else HOW.get(place_of(event))
    return (found or "Let {client} send the request once more.").format(client=event.client or "the client")


def is_like(event: Event, earlier: Event) -> bool:
    """Whether ``event`` may be ``earlier`` made again: at the same place, of the same client where one is known."""
    same = place_of(event) == place_of(earlier) and event.issuer == earlier.issuer
    return same and (not event.client or not earlier.client or event.client == earlier.client)

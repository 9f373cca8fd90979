"""What it means that a target takes a faulty token: how bad it is, for whom, and which check is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from devidp.faults import FAULTS, Fault
from devidp.report import Kind, Severity

PREFIX = "accepted-"
ADVICE, LOW, MEDIUM, HIGH, CRITICAL = Severity


@dataclass(frozen=True, slots=True)
class Consequence:
    severity: Severity
    topic: str
    why: str


FORGED = "Anybody can write a token that says whatever they like, and is let in as anyone: no account is needed."
LATER = "A token that was lost, logged, or that belongs to somebody who has left, opens the server for ever."
ELSEWHERE = "A token that a user gave to another server opens this one: whoever runs that server acts here as the user."
STRANGER = "Another provider, or another tenant of the same one, decides who gets in here."
MISREAD = "One library refuses it, the next reads it as something else: whoever writes the token chooses its meaning."
WRONG_KIND = "A token that was made for something else, and that more programs see, opens the server as well."
NOBODY = "The server acts for a user whom it does not know, or takes one for another."
MORE = "A user who has not allowed this, or may not do it, can do it."
WEAK = "Who should have logged in again, or with a second factor, need not: a stolen session is enough."
OTHER_TENANT = "A customer sees the data of another customer."
LATER_KEY = "Whoever has stolen the key for which it was withdrawn goes on making tokens."
ENDED = "Who has logged out, was disabled or has withdrawn a consent is still let in."
EARLY = "A token is used before its time."
UNCOMPARED = "One library makes a number of it, the next compares no text with a time: there the token never expires."
CLOCK = "Clocks differ, and a leeway of some seconds is usual: know how long yours is."

GROUPS = {
    "time": Consequence(HIGH, "expiry", LATER),
    "issuer": Consequence(HIGH, "issuer", STRANGER),
    "audience": Consequence(HIGH, "audience", ELSEWHERE),
    "signature": Consequence(CRITICAL, "signature", FORGED),
    "key": Consequence(CRITICAL, "key", FORGED),
    "algorithm": Consequence(CRITICAL, "algorithm", FORGED),
    "shape": Consequence(MEDIUM, "signature", MISREAD),
    "confusion": Consequence(HIGH, "token-type", WRONG_KIND),
    "scope": Consequence(HIGH, "scope", MORE),
    "authentication": Consequence(MEDIUM, "authentication-class", WEAK),
    "tenant": Consequence(HIGH, "tenant", OTHER_TENANT),
    "state": Consequence(MEDIUM, "revocation", ENDED),
    "id-token": Consequence(HIGH, "id-token", WRONG_KIND),
    "id-jag": Consequence(HIGH, "assertion", STRANGER),
}
"""Of the faults of a group that no verifier may accept."""
SINGLE = {
    **dict.fromkeys(("expired-10s", "expired-30s", "lifetime-30-days"), Consequence(ADVICE, "expiry", CLOCK)),
    "exp-string": Consequence(MEDIUM, "expiry", UNCOMPARED),
    "nbf-future": Consequence(MEDIUM, "not-before", EARLY),
    **dict.fromkeys(("iat-string", "nbf-string"), Consequence(LOW, "claims", MISREAD)),
    **dict.fromkeys(("iat-future", "iat-missing"), Consequence(ADVICE, "claims", MISREAD)),
    "issuer-host-case": Consequence(LOW, "issuer", MISREAD),
    "key-retired": Consequence(HIGH, "key-rotation", LATER_KEY),
    "kid-unknown": Consequence(MEDIUM, "key", MISREAD),
    **dict.fromkeys(("kid-empty", "kid-number", "kid-path", "kid-injection"), Consequence(LOW, "key", MISREAD)),
    **dict.fromkeys(("alg-rs384", "alg-ps256"), Consequence(MEDIUM, "algorithm", MISREAD)),
    **dict.fromkeys(("alg-missing", "alg-unknown", "alg-lower-case"), Consequence(HIGH, "algorithm", MISREAD)),
    **dict.fromkeys(("crit-unknown", "crit-empty"), Consequence(MEDIUM, "algorithm", MISREAD)),
    **dict.fromkeys(
        ("garbage", "opaque", "segments-two", "segments-empty"), Consequence(CRITICAL, "signature", FORGED)
    ),
    **dict.fromkeys(("typ-wrong", "typ-missing"), Consequence(MEDIUM, "token-type", WRONG_KIND)),
    "typ-logout-token": Consequence(HIGH, "token-type", WRONG_KIND),
    **dict.fromkeys(("sub-missing", "sub-empty", "sub-null", "sub-number"), Consequence(MEDIUM, "claims", NOBODY)),
    **dict.fromkeys(("client-id-missing", "client-id-number", "jti-missing"), Consequence(ADVICE, "claims", MISREAD)),
}
"""Where it is otherwise than in the rest of the group."""
LENIENT = {CRITICAL: LOW, HIGH: LOW, MEDIUM: LOW, LOW: ADVICE, ADVICE: ADVICE}
"""Of faults that a lenient verifier may accept, with an excuse of the specification."""


def accepted(fault: Fault) -> Kind:
    """The finding that a target takes tokens with ``fault``."""
    found = SINGLE.get(fault.name) or GROUPS[fault.group]
    severity = found.severity if fault.level == "must" else LENIENT[found.severity]
    title = f"Accepts a token although {_uncapitalized(fault.description.rstrip('.'))}"
    return Kind(f"{PREFIX}{fault.name}", severity, title, found.why, fault.section, found.topic)


def every() -> Iterator[Kind]:
    return map(accepted, FAULTS.values())


def _uncapitalized(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]

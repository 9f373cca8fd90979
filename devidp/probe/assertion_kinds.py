"""What can be wrong with how a token endpoint takes assertions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from devidp.faults import FAULTS, Fault
from devidp.probe import fault_kinds
from devidp.report import Kind, Severity

TYPE = "id-jag"
PREFIX = "assertion-"
PROCESSING = "ID-JAG draft section 4.4.1"
CLIENT = "An assertion that another client lost is exchanged: nothing ties it to the client that it was made for."
AGAIN = "Who finds the assertion in a log exchanges it once more, as long as it lives: nothing tells one from its copy."
GENERAL = "RFC 7523 asks for no type. A server that takes both kinds looks at no client and no resource of such a one."
OTHERWISE = {
    **dict.fromkeys(("client-id-missing", "client-id-number"), (Severity.HIGH, CLIENT)),
    "jti-missing": (Severity.MEDIUM, AGAIN),
    **dict.fromkeys(("typ-wrong", "typ-missing"), (Severity.ADVICE, GENERAL)),
    "audience-trailing-slash": (Severity.ADVICE, "Libraries differ in the slash at the end; no other server is meant."),
    "kid-missing": (Severity.ADVICE, "Every key of the issuer is tried: slower, and as safe as the keys are."),
}
"""Where a fault weighs more or less than in an access token."""

MADE_UP_ASSERTION = Kind(
    f"{PREFIX}made-up",
    Severity.CRITICAL,
    "Takes any text for an assertion",
    "Anybody gets access tokens of anybody.",
    PROCESSING,
    "assertion",
)
WITHOUT_CLIENT = Kind(
    f"{PREFIX}without-client",
    Severity.HIGH,
    "Exchanges an assertion for whoever presents it",
    CLIENT,
    PROCESSING,
    "assertion",
)
WRONG_SECRET = Kind(
    f"{PREFIX}with-wrong-secret",
    Severity.HIGH,
    "Exchanges an assertion for a client with a wrong secret",
    CLIENT,
    "RFC 6749 section 3.2.1",
    "assertion",
)
REPLAYED = Kind(
    f"{PREFIX}replayed",
    Severity.MEDIUM,
    "Exchanges the same assertion more than once",
    AGAIN,
    "RFC 7523 section 3",
    "replay",
)
OTHER_KEY = Kind(
    f"{PREFIX}of-another-key",
    Severity.CRITICAL,
    "Takes the key of another issuer for that of the issuer in the assertion",
    "Each provider that the server trusts can speak for the users of all the others.",
    "RFC 7523 section 3",
    "assertion",
)
MORE_SCOPE = Kind(
    f"{PREFIX}scope-exceeded",
    Severity.HIGH,
    "Grants more scopes than the assertion has",
    "The identity provider bounds what a client may do, and the client takes more.",
    PROCESSING,
    "scope",
)
OTHER_RESOURCE = Kind(
    f"{PREFIX}resource-exceeded",
    Severity.HIGH,
    "Issues a token for a resource that the assertion is not for",
    "The identity provider bounds where a client may go, and the client goes elsewhere.",
    PROCESSING,
    "audience",
)
WRONG_ERROR = Kind(
    f"{PREFIX}error",
    Severity.LOW,
    "Refuses an assertion with another error than clients expect",
    "A client cannot tell whether it needs another assertion, another secret, or to give up.",
    "RFC 7521 section 4.1.1",
    "errors",
)
REFRESHABLE = Kind(
    f"{PREFIX}refresh-token",
    Severity.ADVICE,
    "Gives a refresh token for an assertion",
    "The client goes on for as long as that lives, although the identity provider would give no assertion any more.",
    "RFC 7521 section 4.1",
    "assertion",
)
CACHEABLE = Kind(
    f"{PREFIX}response-cacheable",
    Severity.LOW,
    "Answers with a token that caches may keep",
    "A proxy between client and server hands the token of one to another.",
    "RFC 6749 section 5.1",
    "token-response",
)


def accepted(fault: Fault) -> Kind:
    """The finding that assertions with ``fault`` are exchanged."""
    kind = fault_kinds.accepted(fault)
    severity, why = OTHERWISE.get(fault.name, (kind.severity, kind.why))
    title = kind.title.replace("Accepts a token", "Exchanges an assertion")
    return replace(kind, name=f"{PREFIX}{fault.name}", title=title, why=why, severity=severity, topic="assertion")


def faults() -> Iterator[Fault]:
    """Those that an assertion can have. It comes in a body, which may be as long as it likes."""
    return (fault for fault in FAULTS.values() if TYPE in fault.applies_to and fault.name != "oversized")


KINDS = (
    MADE_UP_ASSERTION, WITHOUT_CLIENT, WRONG_SECRET, REPLAYED, OTHER_KEY, MORE_SCOPE, OTHER_RESOURCE, WRONG_ERROR,
    REFRESHABLE, CACHEABLE, *map(accepted, faults()),
)  # fmt: skip

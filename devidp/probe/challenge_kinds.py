"""What can be wrong with the way in which a target refuses."""

from __future__ import annotations

from devidp.report import Kind, Severity

ADVICE, LOW, MEDIUM, HIGH, CRITICAL = Severity
TOPIC = "challenge"
BEARER = "RFC 6750 section 3"

DISGUISED = Kind(
    "refusal-disguised",
    MEDIUM,
    "Refuses with a status that says success, or with a redirect",
    "A client goes by the status: it neither logs in again nor asks for more, and attacks are counted as successes.",
    "RFC 6750 section 3.1",
    TOPIC,
)
WRONG_STATUS = Kind(
    "wrong-status",
    LOW,
    "Refuses with another status than clients expect",
    "401 tells a client to get another token, 403 that this one does not allow it. With any other status it does the "
    "wrong thing, or gives up.",
    "RFC 6750 section 3.1",
    TOPIC,
)
MISSING = Kind(
    "challenge-missing",
    MEDIUM,
    "Answers 401 without WWW-Authenticate",
    "A client cannot tell that a token would help, nor where it gets one.",
    "RFC 9110 section 15.5.2",
    TOPIC,
)
MALFORMED = Kind(
    "challenge-malformed",
    LOW,
    "WWW-Authenticate does not follow its grammar",
    "Clients read a part of it, or nothing, each another one.",
    "RFC 9110 section 11.6.1",
    TOPIC,
)
NOT_BEARER = Kind(
    "challenge-not-bearer",
    LOW,
    "WWW-Authenticate does not ask for Bearer",
    "A client that has a token does not learn that it should send it, and a browser may ask for a password.",
    BEARER,
    TOPIC,
)
TWICE = Kind(
    "challenge-twice",
    LOW,
    "Challenges for Bearer more than once in one answer",
    "Clients take the first or the last, and miss what the other one says.",
    BEARER,
    TOPIC,
)
NO_ERROR_ASKED = Kind(
    "challenge-error-without-token",
    ADVICE,
    "Names an error to a client that sent no token",
    "The client takes it that its token is bad, and throws away one that it has not even sent.",
    "RFC 6750 section 3.1",
    TOPIC,
)
ERROR = Kind(
    "challenge-error",
    LOW,
    "The error in WWW-Authenticate is missing, or another than the standard has for this case",
    "The client cannot tell whether to refresh its token, to ask for more scopes, or to give up.",
    "RFC 6750 section 3.1",
    TOPIC,
)
NO_METADATA = Kind(
    "challenge-without-resource-metadata",
    LOW,
    "WWW-Authenticate does not say where the protected-resource metadata is",
    "A client has to guess the address; one that does not guess cannot log in.",
    "RFC 9728 section 5.1",
    "resource-metadata",
)
NO_SCOPE = Kind(
    "scope-unnamed",
    ADVICE,
    "Refuses for want of a scope, and does not say which",
    "A client cannot ask for what is missing: its user logs in again and gets the same refusal.",
    BEARER,
    TOPIC,
)
HIDDEN = Kind(
    "challenge-hidden-from-browsers",
    ADVICE,
    "Answers pages of other origins, and hides WWW-Authenticate from them",
    "A client in a browser gets the 401 and not what to do about it.",
    "Fetch standard, CORS protocol, Access-Control-Expose-Headers",
    TOPIC,
)
KINDS = (
    DISGUISED, WRONG_STATUS, MISSING, MALFORMED, NOT_BEARER, TWICE, NO_ERROR_ASKED, ERROR, NO_METADATA, NO_SCOPE,
    HIDDEN,
)  # fmt: skip

"""What can be wrong with the way in which a target finds the token in a request."""

from __future__ import annotations

from devidp.report import Kind, Severity

ADVICE, LOW, MEDIUM, HIGH, CRITICAL = Severity
HEADER = "header-parsing"
PLACE = "token-place"

NO_TOKEN = Kind(
    "accepted-without-token",
    CRITICAL,
    "Lets in whoever sends an Authorization header that holds no token",
    "Anybody can send one: no account is needed.",
    "RFC 6750 section 3.1",
    HEADER,
)
SCHEME_CASE = Kind(
    "refused-scheme-case",
    LOW,
    "Refuses a sound token because of the case of the scheme",
    "Schemes are compared without regard to case: clients that write bearer are right, and cannot use the server.",
    "RFC 9110 section 11.1",
    HEADER,
)
LENIENT = Kind(
    "accepted-malformed-header",
    LOW,
    "Finds the token in an Authorization header that is malformed",
    "What stands in front of the server reads the same header in another way: it checks or logs one thing, and the "
    "server does another.",
    "RFC 6750 section 2.1",
    HEADER,
)
SCHEME = Kind(
    "accepted-scheme",
    LOW,
    "Takes a bearer token under another scheme",
    "A scheme says what has to be proved: a token that is taken under any of them gets around the proof of DPoP.",
    "RFC 9110 section 11.4",
    HEADER,
)
ANY_OF_TWO = Kind(
    "accepted-either-header",
    LOW,
    "Takes whichever of two tokens is good",
    "A gateway that checks the first token lets the second one through, and the server acts for that one.",
    "RFC 6750 section 3.1",
    HEADER,
)
QUERY = Kind(
    "accepted-token-in-query",
    MEDIUM,
    "Takes the token from the URL",
    "URLs are kept in logs, histories and Referer headers: whoever reads those has the token.",
    "RFC 9700 section 4.3.2",
    PLACE,
)
BODY = Kind(
    "accepted-token-in-body",
    ADVICE,
    "Takes the token from a form",
    "Few clients need it, and a page elsewhere can post a form: it is one more way to be guarded.",
    "RFC 6750 section 2.2",
    PLACE,
)
COOKIE = Kind(
    "accepted-token-in-cookie",
    MEDIUM,
    "Takes the token from a cookie",
    "A browser sends cookies along with what any other page asks for: that page acts as the user (cross-site request "
    "forgery).",
    "RFC 6750 section 2",
    PLACE,
)
OTHER_HEADER = Kind(
    "accepted-token-in-header",
    LOW,
    "Takes the token from a header other than Authorization",
    "Proxies and logs hide Authorization and know nothing of this one; and where it is meant to be set by a gateway, "
    "anybody can set it.",
    "RFC 6750 section 2.1",
    PLACE,
)
IDENTITY = Kind(
    "accepted-identity-header",
    CRITICAL,
    "Believes a header that says who the user is",
    "Such a header is meant to be set by a gateway that has checked the token. Who reaches the server beside it, or "
    "through one that passes the header on, is whoever they say they are.",
    "RFC 9700 section 4.13",
    PLACE,
)
TWO_PLACES = Kind(
    "accepted-two-places",
    LOW,
    "Takes a request with two tokens",
    "Whoever checks the one in the header and whoever acts on the one in the URL see different users.",
    "RFC 6750 section 2",
    PLACE,
)
KINDS = (NO_TOKEN, SCHEME_CASE, LENIENT, SCHEME, ANY_OF_TWO, QUERY, BODY, COOKIE, OTHER_HEADER, IDENTITY, TWO_PLACES)

"""What kind of token something is, whether or not it is a good one of its kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from devidp.faults.decoding.parts import Parts
from devidp.keys.tokens import LOGOUT_EVENT


class Kind(NamedTuple):
    """A name, what it is for, and its section."""

    name: str
    purpose: str
    section: str = ""

    @property
    def article(self) -> str:
        """How a sentence goes on with the name."""
        return "an" if self.name[0] in "aeioI" or self.name.startswith("SD-") else "a"


ACCESS = Kind("access token", "a client sends it to an API", "RFC 9068 section 2")
ID = Kind("ID token", "it tells a client who has logged in; an API must not take it", "OpenID Connect Core section 2")
LOGOUT = Kind(
    "logout token", "it tells a client that a session has ended", "OpenID Connect Back-Channel Logout section 2.4"
)
ASSERTION = Kind(
    "client assertion", "a client authenticates with it at its authorization server", "RFC 7523 section 2.2"
)
REFRESH = Kind("refresh token", "it is for its issuer only", "RFC 6749 section 1.5")
OPAQUE = Kind(
    "opaque token", "only its issuer knows what it means: ask the introspection endpoint", "RFC 7662 section 2"
)
JWT = Kind("JWT", "nothing in it says of which kind", "RFC 7519 section 3")
_SD_JWT = Kind(
    "SD-JWT",
    "a credential whose claims are disclosed one by one; the JWT before the first ~ is read here",
    "RFC 9901 section 4",
)
_BY_TYP: Final = {
    "at+jwt": ACCESS,
    "logout+jwt": LOGOUT,
    "client-authentication+jwt": ASSERTION,
    "oauth-id-jag+jwt": Kind(
        "ID-JAG",
        "the issuer that it is for gives an access token for it",
        "draft-ietf-oauth-identity-assertion-authz-grant",
    ),
    "dpop+jwt": Kind("DPoP proof", "it shows the key of a token that it is sent with", "RFC 9449 section 4.2"),
    "oauth-authz-req+jwt": Kind(
        "request object", "an authorization request that its client has signed", "RFC 9101 section 4"
    ),
    "token-introspection+jwt": Kind(
        "introspection answer", "it says what another token is worth", "RFC 9701 section 5"
    ),
    "secevent+jwt": Kind("security event token", "it tells a receiver what has happened", "RFC 8417 section 2"),
    "entity-statement+jwt": Kind("entity statement", "a federation says whom it knows", "OpenID Federation section 3"),
    "kb+jwt": Kind("key binding of an SD-JWT", "it shows the key of a credential", "RFC 9901 section 4.3"),
    "dc+sd-jwt": _SD_JWT,
    "vc+sd-jwt": _SD_JWT,
}
"""By ``typ`` without ``application/`` (RFC 8725 section 3.11)."""
_BASIC = re.compile(r"(?:authorization\s*:\s*)?basic\s", re.IGNORECASE)


def kind(token: str, parts: Parts) -> Kind:
    """The kind of ``token``, whose parts these are."""
    if "~" in token:
        return _SD_JWT
    if not parts.readable:
        return _unreadable(token, parts)
    typ = parts.header.get("typ")
    by_typ = _BY_TYP.get(typ.lower().removeprefix("application/")) if isinstance(typ, str) else None
    return by_typ or _by_claims(parts.claims)


def _unreadable(token: str, parts: Parts) -> Kind:
    count = token.count(".") + 1
    if "enc" in parts.header:
        return Kind("encrypted token (JWE)", "whoever has the key can read it", "RFC 7516 section 3")
    if _BASIC.match(token):
        return Kind("name and password (Basic)", "credentials of a client, and no token", "RFC 7617 section 2")
    if count == 1 and len(token) > 20:
        return OPAQUE
    if count == 3:
        return Kind("damaged JWT", "it has three segments, and they cannot be read", "RFC 7519 section 7.2")
    return Kind("no token", "nothing of it can be read", "RFC 7519 section 7.2")


def _by_claims(claims: Mapping[str, Any]) -> Kind:
    """As providers have it who say the kind elsewhere than in ``typ``, or not at all."""
    said = claims.get("token_use", claims.get("typ"))
    events = claims.get("events")
    if isinstance(events, dict) and LOGOUT_EVENT in events:
        return LOGOUT
    if said in ("Refresh", "Offline"):
        return REFRESH
    if said in ("id", "ID") or claims.keys() & {"nonce", "at_hash", "c_hash"}:
        return ID
    if said in ("access", "Bearer") or claims.keys() & {"scope", "scp", "client_id"}:
        return ACCESS
    if claims.get("iss") is not None and claims.get("iss") == claims.get("sub"):
        return ASSERTION
    return ID if claims.keys() & {"auth_time", "amr", "azp"} else JWT

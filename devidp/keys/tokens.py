"""JSON Web Tokens: drafts, signing them, and verifying tokens. The only module that signs.

A ``Draft`` is a token before its signature: faults and vendor profiles are functions from draft to draft.
"""

from __future__ import annotations

import hmac
import json
import secrets
from hashlib import sha256, sha512
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from devidp.keys.shaping import Shaping
from devidp.keys.signing_key import SigningKey
from devidp.oauth import ijson, token_type
from devidp.oauth.base64url import decode, encode

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

IssuedType = Literal["access", "id", "logout", "id-jag"]
"""What an issuer signs for others to verify."""
ACCESS_TOKEN_TYPE = "at+jwt"
ID_TOKEN_TYPE = "JWT"
LOGOUT_TOKEN_TYPE = "logout+jwt"
ID_JAG_TYPE = "oauth-id-jag+jwt"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TOKEN_LIFETIME = 120
"""Seconds (Back-Channel Logout section 2.4 recommends at most two minutes)."""
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode


class Draft(NamedTuple):
    """Header, claims and key of a token that has not been signed yet."""

    header: dict[str, Any]
    claims: dict[str, Any]
    key: SigningKey
    shaping: Shaping | None = None
    """What the claims were before; ``None``: they are those of the specifications."""

    @property
    def opaque(self) -> bool:
        """Whether it becomes a random string that only its issuer can read."""
        return self.shaping is not None and self.shaping.opaque

    @property
    def meant(self) -> dict[str, Any]:
        """The claims of the specifications, whatever the token says in their place."""
        return self.claims if self.shaping is None else self.shaping.read(self.claims)


def draft(typ: str, claims: dict[str, Any], key: SigningKey) -> Draft:
    """A draft with the header that every token has: ``alg``, ``typ`` and ``kid`` (RFC 9068 section 2.1)."""
    return Draft({"alg": key.algorithm, "typ": typ, "kid": key.kid}, claims, key)


def logout_draft(issuer: str, client_id: str, sub: str, sid: str, now: int, key: SigningKey) -> Draft:
    """A logout token before its signature (OpenID Connect Back-Channel Logout section 2.4)."""
    claims = {
        "iss": issuer,
        "sub": sub,
        "aud": client_id,
        "iat": now,
        "exp": now + LOGOUT_TOKEN_LIFETIME,
        "jti": secrets.token_urlsafe(16),
        "events": {LOGOUT_EVENT: {}},
        "sid": sid,
    }
    return draft(LOGOUT_TOKEN_TYPE, claims, key)


def sign(unsigned: Draft) -> str:
    """The compact serialization (RFC 7515 section 7.1)."""
    return sign_bytes(json_bytes(unsigned.header), json_bytes(unsigned.claims), unsigned.key)


def sign_bytes(header: bytes, payload: bytes, key: SigningKey) -> str:
    """A signed token of ``header`` and ``payload`` as they stand, whatever they say."""
    signing_input = f"{encode(header)}.{encode(payload)}"
    signature = _jose().ALGORITHMS[key.algorithm].sign(signing_input.encode("ascii"), key.jwk)
    return f"{signing_input}.{encode(signature)}"


def sign_with_secret(header: bytes, payload: bytes, secret: bytes) -> str:
    """HS256 over ``header`` and ``payload`` (RFC 7518 section 3.2)."""
    signing_input = f"{encode(header)}.{encode(payload)}"
    return f"{signing_input}.{encode(hmac.digest(secret, signing_input.encode('ascii'), 'sha256'))}"


def verify_with_secret(token: str, secret: bytes) -> dict[str, Any] | None:
    """The claims of ``token`` where ``secret`` signed it; otherwise ``None``."""
    signing_input, _, signature = token.rpartition(".")
    expected = encode(hmac.digest(secret, signing_input.encode(), "sha256"))
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return None
    return members(signing_input.partition(".")[2])


def unsecured_token(header: bytes, payload: bytes) -> str:
    """``header`` and ``payload`` with an empty signature (RFC 7519 section 6)."""
    return f"{encode(header)}.{encode(payload)}."


def json_bytes(members: dict[str, Any]) -> bytes:
    return _ENCODE(members).encode()


def verify(token: str, keys: KeySet, typ: str | None) -> dict[str, Any] | None:
    """The claims of ``token`` where one of ``keys`` signed it and it is of the type ``typ``; otherwise ``None``.

    Without a ``typ`` the type is known otherwise. No header of ours is critical (RFC 7515 section 4.1.11).
    """
    segments = token.split(".")
    header = members(segments[0])
    if len(segments) != 3 or header is None or "crit" in header or token.endswith("="):
        return None
    if typ is not None and not token_type.matches(header.get("typ"), typ):
        return None
    algorithm, kid = header.get("alg"), header.get("kid")
    candidates = [key for key in keys if key.alg == algorithm and kid in (None, key.kid)]
    is_ours = any(is_signed_by(token, key, str(algorithm)) for key in candidates)
    return members(segments[1]) if is_ours else None


def members(segment: str) -> dict[str, Any] | None:
    """The JSON object in a segment of a token, unverified; ``None`` where there is none."""
    try:
        value = ijson.loads(decode(segment))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def is_signed_by(token: str, key: Any, algorithm: str) -> bool:
    """Whether the signature of a token in three segments, padded or not, is one of ``key`` (a JWK)."""
    signing_input, _, signature = token.rpartition(".")
    try:
        return bool(_jose().is_signature(decode(signature.rstrip("=")), signing_input.encode("ascii"), key, algorithm))
    except ValueError:
        return False


def _jose() -> ModuleType:
    # as for the keys of a ring: no document needs a signature
    return import_module("devidp.keys.jose")


def half_hash(value: str, algorithm: str) -> str:
    """``at_hash`` and ``c_hash``: the left half of the hash that the algorithm uses (OpenID Connect Core 3.1.3.6)."""
    hashed = (sha512 if algorithm in ("EdDSA", "Ed25519") else sha256)(value.encode("ascii")).digest()
    return encode(hashed[: len(hashed) // 2])

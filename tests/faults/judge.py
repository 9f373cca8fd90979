"""An independent judge: a strict verifier that goes on after the first violation, and names all that it finds.

Written by hand on top of cryptography, so that it shares nothing with what it judges.
"""

from __future__ import annotations

import json
import math
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")
MAX_TOKEN = 16 * 1024
MAX_LIFETIME = 86400


@dataclass
class Policy:
    """What a strict resource server, or a strict client, of the tests expects."""

    jwks: dict[str, Any]
    issuer: str
    audience: str
    now: int
    typ: str = "at+jwt"
    scope: str = "mcp:read"
    subject: str = "alice"
    tenant: str = "acme"
    nonce: str = ""
    access_token: str = ""
    cnf: Any = None


@dataclass
class Reading:
    """What could be read of a token, and what is wrong with it so far."""

    violations: list[str] = field(default_factory=list)
    header: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] | None = None

    def expect(self, name: str, condition: bool) -> None:
        if not condition and name not in self.violations:
            self.violations.append(name)


def judge_access_token(token: str, policy: Policy) -> list[str]:
    """Every violation of RFC 9068 section 4 and of the application's own rules; empty for a token to be accepted."""
    reading = _read(token, policy)
    claims = reading.claims
    if claims is None:
        return reading.violations
    _times(reading, claims, policy)
    reading.expect("iss", claims.get("iss") == policy.issuer)
    reading.expect("aud", claims.get("aud") in (policy.audience, [policy.audience]))
    reading.expect("sub", claims.get("sub") == policy.subject)
    reading.expect("client_id", _is_text(claims.get("client_id")))
    reading.expect("jti", _is_text(claims.get("jti")))
    scope = claims.get("scope")
    reading.expect("scope", isinstance(scope, str) and policy.scope in scope.split(" "))
    reading.expect("tenant", claims.get("tenant_id") == policy.tenant)
    reading.expect("cnf", claims.get("cnf") == policy.cnf)
    _login(reading, claims, policy)
    reading.expect("token_use", claims.get("token_use", "access") == "access")
    return reading.violations


def judge_id_token(token: str, policy: Policy) -> list[str]:
    """Every violation of OpenID Connect Core section 3.1.3.7."""
    reading = _read(token, policy)
    claims = reading.claims
    if claims is None:
        return reading.violations
    _times(reading, claims, policy)
    reading.expect("iat", isinstance(claims.get("iat"), int) and policy.now - claims["iat"] < 600)
    reading.expect("iss", claims.get("iss") == policy.issuer)
    reading.expect("aud", claims.get("aud") in (policy.audience, [policy.audience]))
    _login(reading, claims, policy)
    reading.expect("azp", claims.get("azp", policy.audience) == policy.audience)
    reading.expect("sub", claims.get("sub") == policy.subject)
    reading.expect("nonce", claims.get("nonce") == policy.nonce)
    digest = sha256(policy.access_token.encode()).digest()[:16]
    reading.expect("at_hash", _unbase64(str(claims.get("at_hash", ""))) == digest)
    return reading.violations


def _read(token: str, policy: Policy) -> Reading:
    reading = Reading()
    reading.expect("size", len(token) <= MAX_TOKEN)
    segments = token.split(".")
    if len(segments) != 3 or not all(BASE64URL.match(each) for each in segments):
        reading.expect("shape", False)
        return reading
    header, payload = (_object(reading, each) for each in segments[:2])
    if header is None or payload is None:
        reading.expect("shape", False)
        return reading
    reading.header, reading.claims = header, payload
    _header(reading, token, policy)
    return reading


def _object(reading: Reading, segment: str) -> dict[str, Any] | None:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        reading.expect("duplicate", len(dict(pairs)) == len(pairs))
        return dict(pairs)

    try:
        value = json.loads((_unbase64(segment) or b"").decode("utf-8"), object_pairs_hook=members)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _header(reading: Reading, token: str, policy: Policy) -> None:
    header = reading.header
    reading.expect("typ", header.get("typ") == policy.typ)
    reading.expect("crit", "crit" not in header)
    keys = {key["kid"]: key for key in policy.jwks["keys"]}
    kid = header.get("kid")
    known = isinstance(kid, str) and kid in keys
    reading.expect("algorithm", header.get("alg") == "RS256")
    reading.expect("kid", known)
    if header.get("alg") == "RS256" and known:
        reading.expect("signature", _verifies(token, keys[kid]))


def _verifies(token: str, key: dict[str, Any]) -> bool:
    signed, _, signature = token.rpartition(".")
    e, n = (int.from_bytes(_unbase64(key[name]) or b"", "big") for name in ("e", "n"))
    try:
        RSAPublicNumbers(e, n).public_key().verify(_unbase64(signature) or b"", signed.encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _times(reading: Reading, claims: dict[str, Any], policy: Policy) -> None:
    reading.expect("exp", policy.now < _date(claims.get("exp")) <= policy.now + MAX_LIFETIME)
    reading.expect("iat", _date(claims.get("iat")) <= policy.now)
    reading.expect("nbf", _date(claims.get("nbf", policy.now)) <= policy.now)


def _login(reading: Reading, claims: dict[str, Any], policy: Policy) -> None:
    """A login by password, not long ago."""
    reading.expect("acr", claims.get("acr") == "1")
    reading.expect("amr", claims.get("amr") == ["pwd"])
    reading.expect("auth_time", 0 <= policy.now - _date(claims.get("auth_time")) < 600)


def _date(value: Any) -> float:
    """A NumericDate; for anything else one that is neither before nor after any other."""
    return value if isinstance(value, int | float) and math.isfinite(value) else math.nan


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _unbase64(text: str) -> bytes | None:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None

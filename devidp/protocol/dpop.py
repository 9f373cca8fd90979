"""Demonstrating proof of possession (RFC 9449): a token that is valid only with a signature under the client's key."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key
from werkzeug.datastructures import Headers

from devidp.issuer.issuer import Issuer
from devidp.keys import jose
from devidp.oauth import base64url, ijson, names, numeric_date, token_type
from devidp.oauth.errors import InvalidDpopProof, InvalidRequest, Problem, UseDpopNonce, as_text, quoted
from devidp.oauth.parameters import Parameters
from devidp.oauth.redirect_uri import split
from devidp.protocol import client_keys, single_use
from devidp.protocol.single_use import SingleUse
from devidp.system.urls import DEFAULT_PORTS

HEADER = "dpop"
PROOF_TYPE = "dpop+jwt"
WINDOW_SECONDS = 60
"""By how much the ``iat`` of a proof may differ from the clock of devidp."""
NONCE_SECONDS = 300
"""A nonce is valid for this long after the window in which it was issued."""
MAX_JTI = 255


@dataclass(frozen=True, slots=True)
class Target:
    """What a proof must be for. ``access_token`` is the token that comes with it, at a protected resource."""

    method: str
    endpoint: str
    access_token: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """The thumbprint of a proven key, and the single-use id of the proof."""

    thumbprint: str
    used: SingleUse


def prove(issuer: Issuer, headers: Headers, target: Target) -> str | None:
    """The thumbprint of the key in a proof, which this uses up; ``None`` without a proof."""
    proof = verify(issuer, headers, target)
    if proof is None:
        return None
    single_use.use_up(issuer, [proof.used])
    return proof.thumbprint


def verify(issuer: Issuer, headers: Headers, target: Target) -> Proof | None:
    """The proof of a request, which is not used up yet (RFC 9449 section 4.3); ``None`` without one."""
    proof = headers.get(HEADER)
    if proof is None or not issuer.supports(names.DPOP):
        return None
    header, claims = _read(proof)
    key = _verified_key(proof, header)
    _check_target(issuer, claims, target)
    _check_nonce(issuer, claims)
    issued_at = _check_age(issuer.clock.now(), claims)
    thumbprint = key.thumbprint()
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 1 <= len(jti) <= MAX_JTI:
        raise InvalidDpopProof(f"jti is {quoted(jti)}", remedy=f"Send an id of up to {MAX_JTI} characters, each once")
    used = SingleUse(
        f"dpop\0{thumbprint}\0{jti}",
        int(issued_at) + 2 * WINDOW_SECONDS,
        InvalidDpopProof(f"A proof with the jti {quoted(jti)} was used before", remedy="Sign a proof for each request"),
    )
    used.check(issuer)
    return Proof(thumbprint, used)


def bind_code(parameters: Parameters, proof: Proof) -> Parameters:
    """A pushed request with the proven key as its ``dpop_jkt``; raises InvalidRequest where it names another one."""
    named = parameters.get("dpop_jkt", proof.thumbprint)
    if named != proof.thumbprint:
        raise InvalidRequest(
            f"dpop_jkt is {quoted(named)}, and the DPoP proof is of the key {proof.thumbprint}",
            remedy="Leave dpop_jkt out, or send a proof under that key",
            section="RFC 9449 section 10.1",
        )
    return parameters.replaced("dpop_jkt", proof.thumbprint)


def nonce_headers(issuer: Issuer) -> dict[str, str]:
    """The header with which every answer gives the nonce that counts now (RFC 9449 section 8.2)."""
    if not issuer.settings.dpop_nonce or not issuer.supports(names.DPOP):
        return {}
    return {"DPoP-Nonce": _nonce(issuer, issuer.clock.seconds() // NONCE_SECONDS)}


def _nonce(issuer: Issuer, window: int) -> str:
    # not stored: every worker computes the same
    return issuer.derive("dpop_nonce", str(window))


def _read(proof: str) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        header, payload = jose.extract(proof)
        claims = ijson.loads(payload)
    except (JoseError, ValueError, RecursionError):
        raise InvalidDpopProof("The DPoP header is not one JWT", remedy="Send one proof, a compact JWS") from None
    if not token_type.matches(header.get("typ"), PROOF_TYPE) or not isinstance(claims, dict):
        raise InvalidDpopProof(f"typ is {quoted(header.get('typ'))}, expected {PROOF_TYPE}", remedy="Set that typ")
    return header, claims


def _verified_key(proof: str, header: dict[str, Any]) -> RSAKey | ECKey | OKPKey:
    algorithm = header.get("alg")
    if algorithm not in names.KEY_ALGORITHMS:
        raise InvalidDpopProof(
            f"alg is {quoted(algorithm)}, this issuer takes: {' '.join(names.KEY_ALGORITHMS)}",
            remedy="Sign with one of these",
            got=as_text(algorithm),
            expected=names.KEY_ALGORITHMS,
        )
    jwk = header.get("jwk")
    if not isinstance(jwk, dict) or "d" in jwk or "k" in jwk:
        raise InvalidDpopProof("The header has no public jwk", remedy="Put the public key of the client into it")
    try:
        key = import_key(jwk)
        if not isinstance(key, RSAKey | ECKey | OKPKey):
            raise TypeError("it is not a public key")
        jose.decode(proof, key, [str(algorithm)])
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise InvalidDpopProof(
            f"The signature does not fit the jwk of the header: {error}", remedy="Sign with its private part"
        ) from None
    return key


def _check_target(issuer: Issuer, claims: dict[str, Any], target: Target) -> None:
    if claims.get("htm") != target.method:
        raise InvalidDpopProof(
            f"htm is {quoted(claims.get('htm'))}",
            remedy=f"Set it to {target.method}",
            got=as_text(claims.get("htm")),
            expected=[target.method],
        )
    urls = issuer.urls_of(target.endpoint)
    if _normal(claims.get("htu")) not in map(_normal, urls):
        raise InvalidDpopProof(
            f"htu is {quoted(claims.get('htu'))}",
            remedy=f"Set it to {urls[0]}, without a query",
            got=as_text(claims.get("htu")),
            expected=urls,
        )
    if target.access_token is None:
        return
    digest = base64url.encode(sha256(target.access_token.encode()).digest())
    ath = claims.get("ath")
    if not isinstance(ath, str) or not hmac.compare_digest(ath.encode(), digest.encode()):
        raise InvalidDpopProof(
            "ath is missing, or not of the access token", remedy="Set it to base64url(sha256(token))"
        )


def _normal(uri: Any) -> tuple[str, str | None, int | None, str] | None:
    """What counts of a URI: syntax aside, without query and fragment (RFC 9449 section 4.3)."""
    parts = split(uri) if isinstance(uri, str) else None
    if parts is None:
        return None
    return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme), parts.path


def _check_nonce(issuer: Issuer, claims: dict[str, Any]) -> None:
    if not issuer.settings.dpop_nonce:
        return
    window = issuer.clock.seconds() // NONCE_SECONDS
    if claims.get("nonce") not in (_nonce(issuer, window), _nonce(issuer, window - 1)):
        came = "is missing" if "nonce" not in claims else "is not one of this issuer, or too old"
        raise UseDpopNonce(
            f"The nonce of the DPoP proof {came}",
            remedy="Sign again with the nonce of the header DPoP-Nonce",
            headers=nonce_headers(issuer),
        )


def _check_age(now: float, claims: dict[str, Any]) -> float:
    try:
        issued_at = numeric_date.parse("iat", claims.get("iat"))
        client_keys.check_times(now, claims)
    except Problem as problem:
        raise InvalidDpopProof(problem.reason, remedy=problem.remedy) from None
    if abs(now - issued_at) > WINDOW_SECONDS:
        raise InvalidDpopProof(
            f"iat is {now - issued_at:.0f} s ago, at most {WINDOW_SECONDS} are accepted", remedy="Compare the clocks"
        )
    return float(issued_at)

"""Client authentication by a signed assertion (RFC 7523 section 2.2): under the secret, or under a key of the client.

Authlib leaves out that an assertion lives for a short time, that its audience is this server alone, and which
algorithm the client has registered; so this is ours whole.
"""

from __future__ import annotations

from typing import Any

from devidp.fetch import FetchError
from devidp.issuer import Issuer
from devidp.oauth import names
from devidp.oauth.errors import InvalidClient, InvalidRequest, quoted
from devidp.protocol import client_keys
from devidp.protocol.client_keys import NotVerified
from devidp.protocol.presented import Presented
from devidp.protocol.request import ProtocolRequest
from devidp.records import Client

SECTION = "RFC 7523 section 3"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LEEWAY = 60
"""Seconds by which the clock of a client may be wrong."""
MAX_LIFETIME = 3600
MAX_JTI = 255


def read(_: Issuer, request: ProtocolRequest) -> Presented | None:
    parameters = request.parameters
    assertion = parameters.get("client_assertion")
    if assertion is None:
        return None
    kind = parameters.required("client_assertion_type", "RFC 7521 section 4.2")
    if kind != ASSERTION_TYPE:
        raise InvalidRequest(
            f"client_assertion_type is {quoted(kind)}, expected {ASSERTION_TYPE}",
            remedy="Send that type",
            section="RFC 7523 section 2.2",
        )
    try:
        header, claims = client_keys.unverified(assertion)
    except NotVerified as problem:
        raise _refused(problem.reason, problem.remedy) from None
    client_id = claims.get("sub")
    if not isinstance(client_id, str) or not client_id:
        raise _refused("sub is missing, or no text", "Set iss and sub to the client_id")
    if parameters.get("client_id", client_id) != client_id:
        raise InvalidRequest(
            f"The assertion is of client {quoted(client_id)}, the body names {quoted(parameters['client_id'])}",
            remedy="Leave client_id out of the body, or send the same one",
            section="RFC 7521 section 4.2",
        )
    by_secret = str(header.get("alg")).startswith("HS")
    return Presented(names.SECRET_JWT if by_secret else names.PRIVATE_KEY_JWT, ((client_id, assertion),))


def check_secret_jwt(issuer: Issuer, client: Client, assertion: str) -> None:
    _check(issuer, client, assertion, names.SECRET_ALGORITHMS)


def check_private_key_jwt(issuer: Issuer, client: Client, assertion: str) -> None:
    _check(issuer, client, assertion, names.KEY_ALGORITHMS)


def _check(issuer: Issuer, client: Client, assertion: str, algorithms: tuple[str, ...]) -> None:
    expected = (client.auth_signing_alg,) if client.auth_signing_alg in algorithms else algorithms
    try:
        claims = client_keys.verified_claims(issuer, client, assertion, expected)
    except (NotVerified, FetchError) as problem:
        raise _refused(problem.reason, problem.remedy) from None
    if claims.get("iss") != client.client_id:
        raise _refused(f"iss is {quoted(claims.get('iss'))}, sub {quoted(client.client_id)}", "Set both to client_id")
    _check_audience(issuer, claims.get("aud"))
    expires_at = _check_times(issuer.clock.now(), claims)
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 1 <= len(jti) <= MAX_JTI:
        raise _refused(f"jti is {quoted(jti)}", f"Give each assertion an id of its own, up to {MAX_JTI} characters")
    if not issuer.store.once.claim(f"assertion\0{client.client_id}\0{jti}", int(expires_at) + LEEWAY):
        raise _refused(f"an assertion with the jti {quoted(jti)} came before", "Sign a new assertion for each request")


def audiences(issuer: Issuer) -> tuple[str, ...]:
    """What an assertion for this server may be addressed to: the issuer, or the endpoint that it is sent to."""
    bases = [issuer.url]
    if issuer.backchannel_url is not None:
        bases.append(f"{issuer.backchannel_url}{issuer.settings.path}")
    paths = ("", "/", "/token", "/introspect", "/revoke", "/par", "/device_authorization")
    return tuple(f"{base}{path}" for base in bases for path in paths)


def _check_audience(issuer: Issuer, audience: Any) -> None:
    named = audience[0] if isinstance(audience, list) and len(audience) == 1 else audience
    if named not in audiences(issuer):
        raise _refused(
            f"aud is {quoted(audience)}, expected {issuer.url} or {issuer.url}/token alone",
            "Set aud to the issuer, character by character",
        )


def _check_times(now: float, claims: dict[str, Any]) -> float:
    """The instant at which the assertion expires."""
    times = {name: claims[name] for name in ("exp", "nbf", "iat") if name in claims}
    for name, value in times.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
            raise _refused(f"{name} is {quoted(value)}", f"Send {name} as seconds since the epoch, a number")
    if "exp" not in times:
        raise _refused("exp is missing", "Let the assertion expire within a few minutes")
    if times["exp"] <= now - LEEWAY:
        raise _refused(f"it expired {now - times['exp']:.0f} s ago", "Sign a new one for each request; compare clocks")
    if times["exp"] > now + MAX_LIFETIME + LEEWAY:
        raise _refused(
            f"it lives {times['exp'] - now:.0f} s from now, at most {MAX_LIFETIME} are accepted", "Set an earlier exp"
        )
    for name in ("nbf", "iat"):
        if times.get(name, now) > now + LEEWAY:
            raise _refused(f"its {name} is {times[name] - now:.0f} s in the future", "Compare the clocks")
    return float(times["exp"])


def _refused(reason: str, remedy: str) -> InvalidClient:
    return InvalidClient(f"The client assertion is refused: {reason}", remedy=remedy, section=SECTION)

"""Client authentication by a signed assertion (RFC 7523 section 2.2): under the secret, or under a key of the client.

Authlib leaves out that an assertion lives for a short time, that its audience is this server alone, and which
algorithm the client has registered; so none of it is Authlib's.
"""

from __future__ import annotations

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import names
from devidp.oauth.errors import InvalidClient, InvalidRequest, quoted
from devidp.protocol import assertion_claims, client_keys
from devidp.protocol.client_credential import ClientCredential
from devidp.protocol.client_keys import NotVerified
from devidp.protocol.request import ProtocolRequest
from devidp.protocol.single_use import SingleUse
from devidp.system.fetch import FetchError

SECTION = "RFC 7523 section 3"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def read(_: Issuer, request: ProtocolRequest) -> ClientCredential | None:
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
        header, claims = client_keys.parse_unverified(assertion)
    except NotVerified as problem:
        raise _refusal(problem.reason, problem.remedy) from None
    client_id = claims.get("sub")
    if not isinstance(client_id, str) or not client_id:
        raise _refusal("sub is missing or not a string", "Set iss and sub to the client_id")
    if parameters.get("client_id", client_id) != client_id:
        raise InvalidRequest(
            f"The assertion is of client {quoted(client_id)}, the body names {quoted(parameters['client_id'])}",
            remedy="Leave client_id out of the body, or send the same one",
            section="RFC 7521 section 4.2",
        )
    by_secret = str(header.get("alg")).startswith("HS")
    return ClientCredential(names.SECRET_JWT if by_secret else names.PRIVATE_KEY_JWT, ((client_id, assertion),))


def check_secret_jwt(issuer: Issuer, client: Client, assertion: str) -> SingleUse | None:
    return _check(issuer, client, assertion, names.SECRET_ALGORITHMS)


def check_private_key_jwt(issuer: Issuer, client: Client, assertion: str) -> SingleUse | None:
    return _check(issuer, client, assertion, names.KEY_ALGORITHMS)


def _check(issuer: Issuer, client: Client, assertion: str, algorithms: tuple[str, ...]) -> SingleUse | None:
    expected = (client.auth_signing_alg,) if client.auth_signing_alg in algorithms else algorithms
    try:
        claims = client_keys.verify_claims(issuer, client, assertion, expected)
        if claims.get("iss") != client.client_id:
            raise NotVerified(
                f"iss is {quoted(claims.get('iss'))}, sub {quoted(client.client_id)}", "Set both to client_id"
            )
        return assertion_claims.check(issuer, claims, client.client_id, _refusal)
    except (NotVerified, FetchError) as problem:
        raise _refusal(problem.reason, problem.remedy) from None


def _refusal(reason: str, remedy: str) -> InvalidClient:
    return InvalidClient(f"The client assertion is refused: {reason}", remedy=remedy, section=SECTION)

"""The credential that a request presents for its client, a secret or an assertion, and whether it is the client's.

Authlib fails with an internal error on credentials that are not UTF-8, and leaves unchecked that an assertion lives for
a short time, for this server alone, under the algorithm that the client has registered; so none of it is Authlib's.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import names
from devidp.oauth.errors import InvalidClient, InvalidRequest, Problem, as_text, quoted
from devidp.protocol import assertion_claims, client_keys
from devidp.protocol.client_keys import NotVerified
from devidp.protocol.request import ProtocolRequest
from devidp.protocol.single_use import SingleUse

SECTION = "OAuth 2.1 section 2.4"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
HEADER_TYPE = "client-authentication+jwt"
"""``typ`` of an assertion that says what it is for (draft-ietf-oauth-rfc7523bis)."""


@dataclass(frozen=True, slots=True)
class ClientCredential:
    """What was presented by one method. Each of ``readings`` is a client id with its secret or assertion."""

    method: str
    place: str
    readings: tuple[tuple[str, str], ...] = field(repr=False)
    challenge: Mapping[str, str] = field(default_factory=dict)
    """Headers of the answer where the credentials are refused."""

    def check(self, issuer: Issuer, client: Client, proof: str) -> SingleUse | None:
        """The single-use id of ``proof``; raises InvalidClient where it is not that of ``client``."""
        if self.method in names.ASSERTION_ALGORITHMS:
            return _check_assertion(issuer, client, proof, names.ASSERTION_ALGORITHMS[self.method])
        if self.method != names.NO_AUTHENTICATION:
            _check_secret(client, proof)
        return None


def read_basic(issuer: Issuer, request: ProtocolRequest) -> ClientCredential | None:
    """A secret in the Authorization header (OAuth 2.1 section 2.4.1)."""
    header = request.headers.get("authorization")
    if not header:
        return None
    scheme, _, credentials = header.partition(" ")
    # RFC 6749 section 5.2 wants the header where the client used it; elsewhere a browser would ask its user
    challenge = {"WWW-Authenticate": f'Basic realm="{issuer.url}"'}
    if scheme.lower() != "basic":
        # without a scheme it is the secret itself, which must not come back, nor get into the log
        got = f"has the scheme {quoted(scheme)}" if credentials else "has no scheme"
        raise InvalidClient(
            f"The Authorization header {got}, expected Basic",
            remedy="Send client credentials with Basic or in the body",
            section=SECTION,
            headers=challenge,
        )
    readings = _readings(credentials.strip(), challenge)
    client_id = request.parameters.get("client_id")
    if client_id is not None and client_id not in (name for name, _ in readings):
        raise InvalidRequest(
            f"The Authorization header names client {quoted(readings[-1][0])}, the body names {quoted(client_id)}",
            remedy="Leave client_id out of the body, or send the same one",
            section=SECTION,
        )
    # an empty secret is none, as in the body (RFC 6749 section 2.3.1): so some libraries name a public client
    method = names.SECRET_BASIC if any(secret for _, secret in readings) else names.NO_AUTHENTICATION
    return ClientCredential(method, "in the Authorization header", readings, challenge)


def _readings(credentials: str, challenge: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """RFC 6749 section 2.3.1 has both url-encoded before base64; many clients send them raw."""
    try:
        text = b64decode(credentials, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise _malformed("is not base64 of UTF-8 text", challenge) from None
    name, colon, secret = text.partition(":")
    if not colon:
        raise _malformed("has no colon between client id and secret", challenge)
    return ((unquote_plus(name), unquote_plus(secret)), (name, secret))


def _malformed(why: str, challenge: dict[str, str]) -> InvalidClient:
    return InvalidClient(
        f"The Basic credentials cannot be read: what follows 'Basic' {why}",
        remedy="Send base64 of client_id:client_secret, both url-encoded",
        section="RFC 6749 section 2.3.1",
        headers=challenge,
    )


def read_post(request: ProtocolRequest) -> ClientCredential | None:
    """A secret in the body (OAuth 2.1 section 2.4.1)."""
    secret = request.parameters.get("client_secret")
    if secret is None:
        return None
    client_id = request.parameters.required("client_id", SECTION)
    return ClientCredential(names.SECRET_POST, "as client_secret", ((client_id, secret),))


def read_assertion(request: ProtocolRequest) -> ClientCredential | None:
    """An assertion that the client signed with its secret or with a key of its own (RFC 7523 section 2.2)."""
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
            got=kind,
            expected=[ASSERTION_TYPE],
        )
    try:
        header, claims = client_keys.parse_unverified(assertion)
    except NotVerified as problem:
        raise _refusal(problem) from None
    client_id = claims.get("sub")
    if not isinstance(client_id, str) or not client_id:
        raise _refusal(NotVerified("sub is missing or not a string", "Set iss and sub to the client_id"))
    if parameters.get("client_id", client_id) != client_id:
        raise InvalidRequest(
            f"The assertion is of client {quoted(client_id)}, the body names {quoted(parameters['client_id'])}",
            remedy="Leave client_id out of the body, or send the same one",
            section="RFC 7521 section 4.2",
            got=parameters["client_id"],
            expected=[client_id],
        )
    method = names.SECRET_JWT if str(header.get("alg")).startswith("HS") else names.PRIVATE_KEY_JWT
    return ClientCredential(method, "as client_assertion", ((client_id, assertion),))


def _check_secret(client: Client, secret: str) -> None:
    if client.unlisted:
        return
    if client.secret is None or not hmac.compare_digest(client.secret.encode(), secret.encode()):
        raise InvalidClient(
            f"The secret of client {quoted(client.client_id)} is wrong",
            remedy="Compare it with the seed, or with the answer of the registration",
            section=SECTION,
        )


def _check_assertion(issuer: Issuer, client: Client, assertion: str, algorithms: tuple[str, ...]) -> SingleUse | None:
    expected = (client.auth_signing_alg,) if client.auth_signing_alg in algorithms else algorithms
    try:
        claims = client_keys.verify_claims(issuer, client, assertion, HEADER_TYPE, expected)
        if claims.get("iss") != client.client_id:
            raise NotVerified(
                f"iss is {quoted(claims.get('iss'))}, sub {quoted(client.client_id)}",
                "Set both to client_id",
                got=as_text(claims.get("iss")),
                expected=[client.client_id],
            )
        return assertion_claims.check(issuer, claims, client.client_id, _refusal)
    except Problem as problem:
        raise _refusal(problem) from None


def _refusal(problem: Problem) -> InvalidClient:
    return InvalidClient(
        f"The client assertion is refused: {problem.reason}",
        remedy=problem.remedy,
        section="RFC 7523 section 3",
        got=problem.got,
        expected=problem.expected,
    )

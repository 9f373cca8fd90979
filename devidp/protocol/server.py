"""Authlib's authorization server for one issuer: which grants it has, and who its clients are."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer
from werkzeug.datastructures import Headers

from devidp.issuer import Issuer
from devidp.oauth import errors, names
from devidp.oauth.errors import OAuthError, quoted
from devidp.oauth.parameters import Parameters
from devidp.protocol import authorization
from devidp.protocol.authorization import AuthorizationRequest, RedirectedError
from devidp.protocol.client_authentication import authenticate
from devidp.protocol.grants import GRANTS
from devidp.protocol.models import ProtocolClient
from devidp.protocol.proof_key import ProofKey
from devidp.protocol.request import ProtocolRequest
from devidp.protocol.translation import translated
from devidp.recorder import Facts
from devidp.records import Client

UNSUPPORTED_PARAMETERS = {
    "request": errors.RequestNotSupported,
    "request_uri": errors.RequestUriNotSupported,
    "registration": errors.RegistrationNotSupported,
}
"""Parameters that OpenID Connect Core section 3.1.2.6 has a provider refuse by name when it does not support them."""


class Server(AuthorizationServer):
    """The protocol engine of one issuer."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__()
        self.issuer = issuer
        for name in issuer.grants():
            extensions = [ProofKey(issuer.settings)] if name == names.AUTHORIZATION_CODE else None
            self.register_grant(GRANTS[name], extensions)

    # what Authlib asks for

    def query_client(self, client_id: str) -> ProtocolClient | None:
        client = self.issuer.client(client_id)
        return None if client is None else ProtocolClient(client)

    def authenticate_client(
        self, request: ProtocolRequest, methods: Collection[str], endpoint: str = "token"
    ) -> ProtocolClient:
        return ProtocolClient(authenticate(self.issuer, request, methods))

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens: what happened is recorded as an event."""

    # what the endpoints ask for

    def client_of(self, parameters: Parameters, headers: Headers, facts: Facts) -> Client:
        """The client of a request to another endpoint than the token endpoint; a public one shows only its id."""
        return authenticate(self.issuer, ProtocolRequest("POST", parameters, headers, facts), names.AUTH_METHODS)

    def token_response(self, parameters: Parameters, headers: Headers, facts: Facts) -> dict[str, Any]:
        """Serve the token endpoint (OAuth 2.1 section 3.2); raises OAuthError."""
        parameters.refuse_repeated()
        facts.grant = self._grant_type(parameters)
        request = ProtocolRequest("POST", parameters, headers, facts)
        with translated():
            grant = self.get_token_grant(request)
            grant.validate_token_request()
            _, response, _ = grant.create_token_response()
        answer: dict[str, Any] = response
        return answer

    def _grant_type(self, parameters: Parameters) -> str:
        grant_type = parameters.required("grant_type", "OAuth 2.1 section 3.2.2")
        if grant_type not in self.issuer.grants():
            raise errors.UnsupportedGrantType(
                f"grant_type is {quoted(grant_type)}, this issuer has: {' '.join(self.issuer.grants())}",
                remedy="Send one of these, or add the grant to the issuer in the seed",
            )
        return grant_type

    def authorization_request(self, parameters: Parameters, facts: Facts) -> AuthorizationRequest:
        """Check an authorization request.

        Raises OAuthError while it is not proven where an answer may go, RedirectedError from then on.
        """
        client, redirect_uri = authorization.proven_redirect_uri(self.issuer, parameters)
        facts.client = client.client_id
        request = ProtocolRequest("GET", parameters, Headers(), facts)
        request.redirect_to = redirect_uri
        try:
            return self._checked(request)
        except OAuthError as error:
            raise self.redirected(error, redirect_uri, parameters.get("state")) from error

    def redirected(self, error: OAuthError, redirect_uri: str, state: str | None) -> RedirectedError:
        return RedirectedError(error, authorization.error_location(self.issuer, error, redirect_uri, state))

    def _checked(self, request: ProtocolRequest) -> AuthorizationRequest:
        parameters = request.parameters
        parameters.refuse_repeated()
        for name, error in UNSUPPORTED_PARAMETERS.items():
            if name in parameters:
                raise error(f"The parameter '{name}' came", remedy=f"Leave '{name}' out; metadata does not offer it")
        self._response_type(parameters)
        with translated():
            grant = self.get_authorization_grant(request)
            grant.validate_authorization_request()
        return authorization.checked(self.issuer, request)

    def _response_type(self, parameters: Parameters) -> None:
        response_type = parameters.required("response_type", authorization.SECTION)
        if response_type != "code" or names.AUTHORIZATION_CODE not in self.issuer.grants():
            supported = "code" if names.AUTHORIZATION_CODE in self.issuer.grants() else "none"
            raise errors.UnsupportedResponseType(
                f"response_type is {quoted(response_type)}, this issuer has: {supported}",
                remedy="Send response_type=code",
            )
        mode = parameters.get("response_mode", "query")
        if mode != "query":
            raise errors.InvalidRequest(
                f"response_mode is {quoted(mode)}, this issuer has: query",
                remedy="Leave response_mode out",
                section="OAuth 2.0 Multiple Response Type Encoding Practices section 2.1",
            )

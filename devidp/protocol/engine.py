"""The protocol of one issuer: what Authlib checks, and what surrounds it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer
from werkzeug.datastructures import Headers

from devidp.issuer import resource_scope
from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import errors, names
from devidp.oauth.errors import OAuthError, quoted
from devidp.oauth.parameters import Parameters
from devidp.protocol import authorization, authorization_parameters, dpop, response_mode, single_use
from devidp.protocol.authorization import AuthorizationRequest, RedirectedError
from devidp.protocol.authorization_parameters import ReceivedRequest
from devidp.protocol.client_authentication import CLIENT_AUTHENTICATION, authenticate, names_client
from devidp.protocol.error_mapping import mapped_errors
from devidp.protocol.grants import GRANTS
from devidp.protocol.implicit import Implicit
from devidp.protocol.models import ProtocolClient
from devidp.protocol.proof_key import ProofKey
from devidp.protocol.request import ProtocolRequest
from devidp.system.event_log import Facts


class AuthlibServer(AuthorizationServer):
    """Authlib's server: the grants of an issuer, and what they ask for."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__()
        self.issuer = issuer
        for name in issuer.grants():
            extensions = [ProofKey(issuer)] if name == names.AUTHORIZATION_CODE else None
            self.register_grant(GRANTS[name], extensions)
        self.register_grant(Implicit)

    def query_client(self, client_id: str) -> ProtocolClient | None:
        client = self.issuer.client(client_id)
        return None if client is None else ProtocolClient(client)

    def authenticate_client(
        self, request: ProtocolRequest, methods: Collection[str], endpoint: str = "token"
    ) -> ProtocolClient:
        client = authenticate(self.issuer, request, methods)
        request.client = ProtocolClient(client)
        request.read(resource_scope.separate(self.issuer, client, request.parameters))
        return request.client

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens: what happened is recorded as an event."""


class Engine:
    """The protocol of one issuer, as its endpoints call it."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer
        self._authlib = AuthlibServer(issuer)

    def shown_client(self, parameters: Parameters, headers: Headers, facts: Facts) -> Client | None:
        """The client of a request that need not show one; ``None`` where it does not."""
        request = ProtocolRequest("POST", parameters, headers, facts)
        return self.client_of(parameters, headers, facts) if names_client(request) else None

    def client_of(self, parameters: Parameters, headers: Headers, facts: Facts) -> Client:
        """The client of a request to another endpoint than the token endpoint; a public one shows only its id."""
        request = ProtocolRequest("POST", parameters, headers, facts)
        client = authenticate(self.issuer, request, names.AUTH_METHODS)
        single_use.use_up(self.issuer, request.single_use)
        return client

    def token_response(self, parameters: Parameters, headers: Headers, facts: Facts, address: str) -> dict[str, Any]:
        """Serve the token endpoint (OAuth 2.1 section 3.2) for who calls from ``address``; raises OAuthError."""
        parameters.refuse_repeated()
        facts.grant = self._grant_type(parameters)
        parameters = parameters.replaced("grant_type", facts.grant)
        with mapped_errors():
            grant = self._authlib.get_token_grant(ProtocolRequest("POST", parameters, headers, facts, address))
            grant.validate_token_request()
            response: dict[str, Any] = grant.create_token_response()[1]
        return response

    def _grant_type(self, parameters: Parameters) -> str:
        sent = parameters.required("grant_type", "OAuth 2.1 section 3.2.2")
        full = names.SHORT_GRANTS.get(sent, sent)
        grant_type = full if self.issuer.settings.short_grant_types else sent
        if grant_type not in self.issuer.settings.grants:
            switch = ""
            if full not in self.issuer.settings.grants and full in names.GRANTS:
                switch = f", or add {full} to 'grants' of the issuer {self.issuer.name} and of the client in the seed"
            elif full != sent:
                switch = f": {full}, or set 'short_grant_types: true' for the issuer {self.issuer.name} in the seed"
            raise errors.UnsupportedGrantType(
                f"grant_type is {quoted(sent)}, this issuer has: {' '.join(self.issuer.grants())}",
                remedy=f"Send one of these{switch}",
                got=sent,
                expected=self.issuer.grants(),
            )
        return grant_type

    def resolve(self, received: Parameters) -> ReceivedRequest:
        """The parameters of an authorization request that count; raises OAuthError, RedirectedError."""
        try:
            return authorization_parameters.resolve(self.issuer, received)
        except OAuthError as error:
            raise authorization.refusal(self.issuer, error, received) from error

    def authorization_request(self, asked: ReceivedRequest, facts: Facts) -> AuthorizationRequest:
        """Check an authorization request.

        Raises OAuthError while it is not proven where an answer may go, RedirectedError from then on.
        """
        facts.parameters = asked.parameters
        client = authorization.known_client(self.issuer, asked.parameters)
        facts.client = client.client_id
        uri = authorization.prove_redirect_uri(client, asked.parameters)
        try:
            return self._check(client, uri, asked, facts)
        except OAuthError as error:
            raise authorization.refusal(self.issuer, error, asked.parameters) from error

    def _check(self, client: Client, uri: str, asked: ReceivedRequest, facts: Facts) -> AuthorizationRequest:
        asked.parameters.refuse_repeated()
        authorization_parameters.check_required(self.issuer, client, asked)
        kind = authorization.check_response_type(self.issuer, client, asked.parameters)
        response_mode.check(self.issuer, asked.parameters, uri)
        parameters = resource_scope.separate(self.issuer, client, asked.parameters.replaced("response_type", kind))
        with mapped_errors():
            request = ProtocolRequest("GET", parameters, Headers(), facts)
            self._authlib.get_authorization_grant(request).validate_authorization_request()
        return authorization.check(self.issuer, client, parameters, uri)

    def push(self, parameters: Parameters, headers: Headers, facts: Facts) -> tuple[str, int]:
        """Serve the pushed request endpoint (RFC 9126 section 2): the ``request_uri``, and its lifetime in seconds."""
        parameters.refuse_repeated()
        request = ProtocolRequest("POST", parameters, headers, facts)
        client = authenticate(self.issuer, request, names.AUTH_METHODS)
        if "request_uri" in parameters:
            raise errors.InvalidRequest(
                "The parameter 'request_uri' came", remedy="Leave it out", section="RFC 9126 section 2.1"
            )
        proof = dpop.verify(self.issuer, headers, dpop.Target("POST", "par"))
        received = parameters.without(*CLIENT_AUTHENTICATION).replaced("client_id", client.client_id)
        asked = authorization_parameters.unpack(self.issuer, client, received)
        if proof is not None:
            request.single_use.append(proof.used)
            asked = replace(asked, parameters=dpop.bind_code(asked.parameters, proof))
        try:
            self.authorization_request(replace(asked, reference="pushed"), facts)
        except RedirectedError as redirected:
            raise redirected.error from redirected
        with self.issuer.store.at_once():
            single_use.use_up(self.issuer, request.single_use)
            return authorization_parameters.push(self.issuer, client, asked.parameters, signed=asked.signed)

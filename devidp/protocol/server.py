"""The protocol of one issuer, as its endpoints call it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import errors
from devidp.oauth.errors import OAuthError, quoted
from devidp.oauth.parameters import Parameters
from devidp.protocol import authorization, authorization_parameters, pushed_request, response_mode, single_use
from devidp.protocol.authorization import AuthorizationRequest, RedirectedError
from devidp.protocol.authorization_parameters import ReceivedRequest
from devidp.protocol.engine import Engine
from devidp.protocol.headers import Headers
from devidp.system.event_log import Facts

CLIENT_AUTHENTICATION = ("client_secret", "client_assertion", "client_assertion_type")
"""Parameters that authenticate a client, and are no part of a pushed request."""


class Server:
    """The protocol of one issuer."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer
        self.documents: dict[str, bytes] = {}
        """Metadata by the base of its addresses; another seed makes another server."""
        self._engine = Engine(issuer)

    def client_of(self, parameters: Parameters, headers: Headers, facts: Facts) -> Client:
        """The client of a request to another endpoint than the token endpoint; a public one shows only its id."""
        client, used = self._engine.client_of(parameters, headers, facts)
        if used:
            single_use.use_up(self.issuer, used)
        return client

    def token_response(self, parameters: Parameters, headers: Headers, facts: Facts) -> dict[str, Any]:
        """Serve the token endpoint (OAuth 2.1 section 3.2); raises OAuthError."""
        parameters.refuse_repeated()
        facts.grant = self._grant_type(parameters)
        return self._engine.token_response(parameters, headers, facts)

    def _grant_type(self, parameters: Parameters) -> str:
        grant_type = parameters.required("grant_type", "OAuth 2.1 section 3.2.2")
        if grant_type not in self.issuer.grants():
            raise errors.UnsupportedGrantType(
                f"grant_type is {quoted(grant_type)}, this issuer has: {' '.join(self.issuer.grants())}",
                remedy="Send one of these, or add the grant to the issuer in the seed",
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
        client, uri = authorization.prove_redirect_uri(self.issuer, asked.parameters)
        facts.client = client.client_id
        try:
            return self._check(client, uri, asked, facts)
        except OAuthError as error:
            raise authorization.refusal(self.issuer, error, asked.parameters) from error

    def _check(self, client: Client, uri: str, asked: ReceivedRequest, facts: Facts) -> AuthorizationRequest:
        asked.parameters.refuse_repeated()
        authorization_parameters.check_required(self.issuer, client, asked)
        kind = authorization.check_response_type(self.issuer, asked.parameters)
        response_mode.check(self.issuer, asked.parameters, uri)
        parameters = asked.parameters.replaced("response_type", kind)
        self._engine.check_authorization(parameters, facts)
        return authorization.check(self.issuer, client, parameters, uri)

    def push(self, parameters: Parameters, headers: Headers, facts: Facts) -> tuple[str, int]:
        """Serve the pushed request endpoint (RFC 9126 section 2): the ``request_uri``, and its lifetime in seconds."""
        parameters.refuse_repeated()
        client, used = self._engine.client_of(parameters, headers, facts)
        if "request_uri" in parameters:
            raise errors.InvalidRequest(
                "The parameter 'request_uri' came", remedy="Leave it out", section="RFC 9126 section 2.1"
            )
        received = parameters.without(*CLIENT_AUTHENTICATION).replaced("client_id", client.client_id)
        asked = authorization_parameters.unpack(self.issuer, client, received)
        try:
            self.authorization_request(replace(asked, reference="pushed"), facts)
        except RedirectedError as redirected:
            raise redirected.error from redirected
        with self.issuer.store.at_once():
            single_use.use_up(self.issuer, used)
            return pushed_request.store(self.issuer, client, asked.parameters, signed=asked.signed)

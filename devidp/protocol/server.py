"""The protocol of one issuer, as its endpoints ask for it. Authlib is loaded with the first request that needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.messages import Received
from devidp.models import Client
from devidp.oauth import errors
from devidp.oauth.errors import OAuthError, quoted
from devidp.oauth.parameters import Parameters
from devidp.protocol import authorization, authorization_parameters, engine, pushed_request, response_mode
from devidp.protocol.authorization import AuthorizationRequest, RedirectedError
from devidp.protocol.authorization_parameters import Asked
from devidp.protocol.engine import Engine
from devidp.protocol.repetition import Repetition
from devidp.system.event_log import Facts

CLIENT_AUTHENTICATION = ("client_secret", "client_assertion", "client_assertion_type")
"""Parameters that authenticate a client, and are no part of a pushed request."""
KEPT_REQUESTS = 64
NOT_FOR_GOOD = frozenset({"id_token_hint", "request", "request_uri"})
"""What was good when it was checked may not be so later: it is signed by somebody."""


class Server:
    """The protocol of one issuer."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer
        self.documents: dict[str, bytes] = {}
        """Metadata by the base of its addresses; another seed makes another server."""
        self._repetition = Repetition()
        self._checked_requests: dict[tuple[str, str, bool], AuthorizationRequest] = {}
        """Those that were found good, for the pages that follow: nothing in them depends on the moment."""

    @cached_property
    def _engine(self) -> Engine:
        return engine.Engine(self.issuer)

    def client_of(self, parameters: Parameters, headers: Mapping[str, str], facts: Facts) -> Client:
        """The client of a request to another endpoint than the token endpoint; a public one shows only its id."""
        return self._engine.client_of(parameters, headers, facts)

    def token_response(self, request: Received, facts: Facts) -> dict[str, Any]:
        """Serve the token endpoint (OAuth 2.1 section 3.2); raises OAuthError."""
        again = self._repetition.find(request, facts)
        if again is not None:
            return self.issuer.issue(again)
        parameters = request.form()
        parameters.refuse_repeated()
        facts.grant = self._grant_type(parameters)
        answer = self._engine.token_response(parameters, request.headers, facts)
        self._repetition.learn(request, facts)
        return answer

    def _grant_type(self, parameters: Parameters) -> str:
        grant_type = parameters.required("grant_type", "OAuth 2.1 section 3.2.2")
        if grant_type not in self.issuer.grants():
            raise errors.UnsupportedGrantType(
                f"grant_type is {quoted(grant_type)}, this issuer has: {' '.join(self.issuer.grants())}",
                remedy="Send one of these, or add the grant to the issuer in the seed",
            )
        return grant_type

    def asked(self, received: Parameters) -> Asked:
        """The parameters of an authorization request that count; raises OAuthError, RedirectedError."""
        try:
            return authorization_parameters.resolve(self.issuer, received)
        except OAuthError as error:
            raise authorization.refused(self.issuer, error, received) from error

    def authorization_request(self, asked: Asked, facts: Facts) -> AuthorizationRequest:
        """Check an authorization request.

        Raises OAuthError while it is not proven where an answer may go, RedirectedError from then on.
        """
        client, uri = authorization.proven_redirect_uri(self.issuer, asked.parameters)
        facts.client = client.client_id
        key = (asked.parameters.encode(), asked.reference, asked.signed)
        known = self._checked_requests.get(key)
        if known is not None and known.client is client:
            return known
        try:
            request = self._checked(client, uri, asked, facts)
        except OAuthError as error:
            raise authorization.refused(self.issuer, error, asked.parameters) from error
        if not NOT_FOR_GOOD & asked.parameters.keys():
            if len(self._checked_requests) >= KEPT_REQUESTS:
                self._checked_requests.clear()
            self._checked_requests[key] = request
        return request

    def _checked(self, client: Client, uri: str, asked: Asked, facts: Facts) -> AuthorizationRequest:
        asked.parameters.refuse_repeated()
        authorization_parameters.check_required(self.issuer, client, asked)
        kind = authorization.check_response_type(self.issuer, asked.parameters)
        response_mode.check(self.issuer, asked.parameters, uri)
        parameters = asked.parameters.replaced("response_type", kind)
        self._engine.check_authorization(parameters, facts)
        return authorization.checked(self.issuer, client, parameters, uri)

    def push(self, parameters: Parameters, headers: Mapping[str, str], facts: Facts) -> tuple[str, int]:
        """Serve the pushed request endpoint (RFC 9126 section 2): the ``request_uri``, and its lifetime in seconds."""
        parameters.refuse_repeated()
        client = self.client_of(parameters, headers, facts)
        if "request_uri" in parameters:
            raise errors.InvalidRequest(
                "The parameter 'request_uri' came", remedy="Leave it out", section="RFC 9126 section 2.1"
            )
        received = parameters.without(*CLIENT_AUTHENTICATION).replaced("client_id", client.client_id)
        asked = authorization_parameters.unpacked(self.issuer, client, received)
        try:
            self.authorization_request(replace(asked, reference="pushed"), facts)
        except RedirectedError as redirected:
            raise redirected.error from redirected
        return pushed_request.store(self.issuer, client, asked.parameters, signed=asked.signed)

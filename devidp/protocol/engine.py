"""Authlib's authorization server for one issuer: which grants it has, and who its clients are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import names
from devidp.oauth.parameters import Parameters
from devidp.protocol.client_authentication import authenticate
from devidp.protocol.error_mapping import mapped_errors
from devidp.protocol.grants import GRANTS
from devidp.protocol.headers import Headers
from devidp.protocol.implicit import Implicit
from devidp.protocol.models import ProtocolClient
from devidp.protocol.proof_key import ProofKey
from devidp.protocol.request import ProtocolRequest
from devidp.protocol.single_use import SingleUse
from devidp.system.event_log import Facts


class Engine(AuthorizationServer):
    """What grants call, and what calls grants."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__()
        self.issuer = issuer
        for name in issuer.grants():
            extensions = [ProofKey(issuer.settings)] if name == names.AUTHORIZATION_CODE else None
            self.register_grant(GRANTS[name], extensions)
        self.register_grant(Implicit)

    # what Authlib asks for

    def query_client(self, client_id: str) -> ProtocolClient | None:
        client = self.issuer.client(client_id)
        return None if client is None else ProtocolClient(client)

    def authenticate_client(
        self, request: ProtocolRequest, methods: Collection[str], endpoint: str = "token"
    ) -> ProtocolClient:
        request.client = ProtocolClient(authenticate(self.issuer, request, methods))
        return request.client

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens: what happened is recorded as an event."""

    # what is asked of it

    def client_of(self, parameters: Parameters, headers: Headers, facts: Facts) -> tuple[Client, Sequence[SingleUse]]:
        """The client that authenticates itself, and what of that is to be used up; a public one shows only its id."""
        request = ProtocolRequest("POST", parameters, headers, facts)
        return authenticate(self.issuer, request, names.AUTH_METHODS), request.single_use

    def token_response(self, parameters: Parameters, headers: Headers, facts: Facts) -> dict[str, Any]:
        """Let the grant that is meant answer; raises OAuthError."""
        request = ProtocolRequest("POST", parameters, headers, facts)
        with mapped_errors():
            grant = self.get_token_grant(request)
            grant.validate_token_request()
            _, response, _ = grant.create_token_response()
        answer: dict[str, Any] = response
        return answer

    def check_authorization(self, parameters: Parameters, facts: Facts) -> None:
        """Raise OAuthError where the grant that is meant would not begin like this."""
        request = ProtocolRequest("GET", parameters, {}, facts)
        with mapped_errors():
            self.get_authorization_grant(request).validate_authorization_request()

"""A request as Authlib reads it, from parameters that devidp has already parsed."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from werkzeug.datastructures import Headers

from devidp.oauth.parameters import Parameters
from devidp.protocol.single_use import SingleUse
from devidp.system.event_log import Facts


class ProtocolRequest(OAuth2Request):
    """Parameters, headers, and the facts that are noted for the log while the request is served.

    ``address`` is that of the connection.
    """

    def __init__(self, method: str, parameters: Parameters, headers: Headers, facts: Facts, address: str = "") -> None:
        # the base class is not asked: it refuses plain http on every host but loopback (http://idp:6749 in compose)
        # unless a process-wide environment variable says otherwise
        self.method = method
        self.headers = headers
        self.read(parameters)
        self.facts = facts
        self.address = address
        self.client: Any = None
        self.user = None
        self.auth_method: str | None = None
        self.jkt: str | None = None
        self.redirect_to = ""
        self.authorization_code: Any = None
        self.refresh_token: Any = None
        self.credential: Any = None
        self.single_use: list[SingleUse] = []
        self._scope = None
        self._body = None

    def read(self, parameters: Parameters) -> None:
        """Go on with ``parameters``."""
        self.parameters = parameters
        self.payload = BasicOAuth2Payload(parameters)

    @property
    def form(self) -> Parameters:
        """The body; a parameter in the query of a POST is no parameter (RFC 6749 section 3.2)."""
        return self.parameters

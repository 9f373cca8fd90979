"""The client credentials grant (OAuth 2.1 section 4.2): a client acts for itself."""

from __future__ import annotations

from typing import ClassVar

from authlib.oauth2.rfc6749 import ClientCredentialsGrant

from devidp.issuer import policy
from devidp.models import Authorization
from devidp.oauth import names
from devidp.oauth.errors import InvalidScope
from devidp.protocol import target
from devidp.protocol.grants.base import ProvingGrant


class ClientCredentials(ProvingGrant, ClientCredentialsGrant):
    """Credentials become an access token; there is no user and no refresh token."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = [
        method for method in names.AUTH_METHODS if method != names.NO_AUTHENTICATION
    ]

    def prove(self) -> Authorization:
        client, issuer, parameters = self.request.client.record, self.issuer, self.request.parameters
        named = tuple(each.uri for each in target.resources(issuer, parameters))
        audience = issuer.audience(client, named)
        resources = issuer.audience_resources(audience)
        requested = policy.parse_request(parameters.get("scope"), issuer.seed, issuer.settings_for(client))
        wanted = requested or policy.default_scopes(issuer.seed, issuer.settings, client, resources)
        decision = policy.decide(wanted, issuer.seed, client, None, resources)
        if requested and not decision.granted and not self._may_be_empty(requested):
            raise InvalidScope(
                f"Nothing of the requested scope can be granted: {decision.explanation()}",
                remedy="Ask for another scope, or allow it in the seed; user_scopes says what openid is for a client",
            )
        self.request.facts.detail = decision.explanation() if requested else ""
        return Authorization(
            client=client, grant_type=names.CLIENT_CREDENTIALS, scope=decision.granted, audience=audience
        )

    def _may_be_empty(self, requested: tuple[str, ...]) -> bool:
        return self.issuer.settings.user_scopes == "ignore" and names.OPENID_SCOPES.issuperset(requested)

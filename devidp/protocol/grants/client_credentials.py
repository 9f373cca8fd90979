"""The client credentials grant (OAuth 2.1 section 4.2): a client acts for itself."""

from __future__ import annotations

from typing import ClassVar

from authlib.oauth2.rfc6749 import ClientCredentialsGrant

from devidp.issuer import policy
from devidp.models import Authorization
from devidp.oauth import names
from devidp.oauth.errors import InvalidRequest, InvalidScope
from devidp.protocol.grants.base import ProvingGrant


class ClientCredentials(ProvingGrant, ClientCredentialsGrant):
    """Credentials become an access token; there is no user and no refresh token."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = [
        method for method in names.AUTH_METHODS if method != names.NO_AUTHENTICATION
    ]

    def prove(self) -> Authorization:
        client, issuer = self.request.client.record, self.issuer
        asked, named = self.request.parameters.get("scope"), self._audience()
        for uri in named:
            issuer.find_resource(uri)
        audience = issuer.audience(client, named)
        resources = issuer.audience_resources(audience)
        requested = policy.parse_request(asked, issuer.seed, issuer.settings)
        wanted = requested or policy.default_scopes(issuer.seed, issuer.settings, client, resources)
        decision = policy.decide(wanted, issuer.seed, client, None, resources)
        if requested and not decision.granted:
            raise InvalidScope(
                f"Nothing of the requested scope can be granted: {decision.explanation()}",
                remedy="Ask for another scope, or allow it in the seed",
            )
        self.request.facts.detail = decision.explanation() if requested else ""
        return Authorization(
            client=client, grant_type=names.CLIENT_CREDENTIALS, scope=decision.granted, audience=audience
        )

    def _audience(self) -> tuple[str, ...]:
        """What ``resource`` (RFC 8707) says, or ``audience``, which many clients send in its place."""
        resources, audience = self.request.parameters.all("resource"), self.request.parameters.all("audience")
        if resources and audience and set(resources) != set(audience):
            raise InvalidRequest(
                f"resource is '{' '.join(resources)}' and audience is '{' '.join(audience)}'",
                remedy="Send one of them",
                section="RFC 8707 section 2",
            )
        return resources or audience

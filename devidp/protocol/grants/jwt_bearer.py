"""The JWT bearer grant (RFC 7523 section 2.1): an assertion of a trusted issuer becomes an access token.

Authlib has this grant and the one for identity assertions (ID-JAG) as two, of which a server can have one.
"""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc7523 import JWTBearerGrant

from devidp.models import Authorization, Client, User
from devidp.oauth import confirmation, names, scope, token_type
from devidp.oauth.errors import InvalidGrant, InvalidTarget, Problem, as_text, quoted
from devidp.oauth.identifiers import grant_in, new_grant
from devidp.protocol import assertion_claims, client_keys, id_jag, target, trusted_issuers
from devidp.protocol.client_keys import NotVerified
from devidp.protocol.grants.base import CheckedGrant

SECTION = "RFC 7523 section 3"
HEADER_TYPE = "authorization-grant+jwt"
"""``typ`` of an assertion that says what it is for (draft-ietf-oauth-rfc7523bis)."""


class JwtBearer(CheckedGrant, JWTBearerGrant):
    """What another issuer says of a user, accepted once."""

    def prove(self) -> Authorization:
        client: Client = self.request.client.record
        assertion = self.request.parameters.required("assertion", "RFC 7523 section 2.1")
        try:
            claims, user = self._accept(client, assertion)
        except Problem as problem:
            raise _refusal(problem) from None
        user = self.active_user(user.username)
        audience = self._audience(client, claims)
        held = scope.parse(claims["scope"]) if "scope" in claims else None
        wanted = self.requested_scope(audience, held, "assertion", "RFC 7521 section 4.1")
        return Authorization(
            client=client,
            grant_type=self.GRANT_TYPE,
            scope=self.remaining_scope(wanted, user, audience),
            audience=audience,
            user=user,
            grant_id=new_grant(parent=self._parent(claims)),
            auth_time=int(claims["auth_time"]) if "auth_time" in claims else None,
            actor=claims.get("act"),
        )

    def consume(self, authorization: Authorization) -> bool:
        assert authorization.user is not None
        assert authorization.grant_id is not None
        self.issuer.add_grant(authorization.grant_id, authorization.client, authorization.user, authorization.scope)
        return True

    def _parent(self, claims: dict[str, Any]) -> str | None:
        """The grant that the assertion came of, at an issuer of this seed; raises InvalidGrant where it has ended."""
        issuer, parent = self.issuer, grant_in(str(claims.get("jti", "")))
        if parent is None or issuer.sibling_called(claims["iss"]) is None:
            return None
        self.check_alive(parent, "assertion", SECTION)
        return parent

    def _accept(self, client: Client, assertion: str) -> tuple[dict[str, Any], User]:
        issuer = self.issuer
        header, _ = client_keys.parse_unverified(assertion)
        claims, trusted = trusted_issuers.verify(issuer, assertion, HEADER_TYPE, id_jag.HEADER_TYPE)
        is_id_jag = token_type.matches(header.get("typ"), id_jag.HEADER_TYPE)
        if is_id_jag:
            self._check_id_jag(client, claims)
        _check_kinds(claims)
        self.check_key(confirmation.thumbprint(claims), "assertion")
        user = trusted_issuers.find_user(issuer, claims, trusted)
        used = assertion_claims.check(issuer, claims, str(claims["iss"]), _refusal, jti_needed=is_id_jag)
        if used is not None:
            self.request.single_use.append(used)
        return claims, user

    def _check_id_jag(self, client: Client, claims: dict[str, Any]) -> None:
        issuer = self.issuer
        if not issuer.supports(names.ID_JAG):
            raise NotVerified("identity assertions are switched off here", "Switch id_jag on in the seed")
        if client.public:
            raise NotVerified(
                f"client {quoted(client.client_id)} is public, and an identity assertion needs one that authenticates",
                "Use a client with a secret or keys",
            )
        if claims["iss"] in issuer.urls or issuer.is_called(claims["iss"]):
            raise NotVerified(
                f"its iss is {quoted(claims['iss'])}, which is this issuer, expected another one",
                "Exchange the ID token for an access token of this issuer",
            )
        if claims.get("client_id") != client.client_id:
            raise NotVerified(
                f"its client_id is {quoted(claims.get('client_id'))}, and client {quoted(client.client_id)} sent it",
                "Send it with the client that it was made for",
                got=client.client_id,
                expected=filter(None, [as_text(claims.get("client_id"))]),
            )
        if "iat" not in claims:
            raise NotVerified("iat is missing", "Say when the assertion was made, as a number of seconds")
        assertion_claims.check_audience(claims.get("aud"), assertion_claims.spellings([issuer.url]))

    def _audience(self, client: Client, claims: dict[str, Any]) -> tuple[str, ...]:
        """What the request names, within the ``resource`` of the assertion where it has one."""
        bound = claims.get("resource", [])
        named = tuple(bound) if isinstance(bound, list) else (bound,)
        requested = target.resources(self.issuer, self.request.parameters)
        wanted = requested or tuple(self.issuer.find_resource(uri) for uri in named)
        for uri in (each.uri for each in wanted):
            if named and not self.issuer.is_among(named, uri):
                raise InvalidTarget(
                    f"The resource {quoted(uri)} is not that of the assertion, which is for {' '.join(named)}",
                    remedy="Ask for the assertion with this resource",
                    section=id_jag.SECTION,
                    got=uri,
                    expected=named,
                )
        return self.issuer.audience(client, tuple(each.uri for each in wanted))


def _check_kinds(claims: dict[str, Any]) -> None:
    """Raise NotVerified for what would set no bound because it cannot be read."""
    resources, actor = claims.get("resource", []), claims.get("act", {"sub": ""})
    if not isinstance(claims.get("scope", ""), str):
        raise NotVerified(f"its scope is {quoted(claims['scope'])}, expected text", "Join the scopes by spaces")
    if not all(isinstance(each, str) for each in (resources if isinstance(resources, list) else [resources])):
        raise NotVerified(f"its resource is {quoted(resources)}, expected a URI, or a list of some", "Send URIs")
    if not isinstance(actor, dict) or not isinstance(actor.get("sub"), str):
        raise NotVerified(f"its act is {quoted(actor)}, expected an object with sub", "See RFC 8693 section 4.1")


def _refusal(problem: Problem) -> InvalidGrant:
    return InvalidGrant(
        f"The assertion is refused: {problem.reason}",
        remedy=problem.remedy,
        section=SECTION,
        got=problem.got,
        expected=problem.expected,
    )

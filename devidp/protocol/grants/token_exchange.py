"""Token exchange (RFC 8693): a token becomes one for another place, in the same name or by an actor.

The package of this name in Authlib is empty; so all of it is written here.
"""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import TokenEndpointMixin

from devidp.models import Authorization, Client, User
from devidp.oauth import names, scope
from devidp.oauth.errors import InvalidRequest, quoted
from devidp.oauth.identifiers import grant_of
from devidp.protocol import id_jag
from devidp.protocol.grants import subject_token
from devidp.protocol.grants.base import CheckedGrant

SECTION = "RFC 8693 section 2.1"
EXCHANGED = (names.ACCESS_TOKEN_TYPE, names.ID_TOKEN_TYPE, names.JWT_TYPE)
ISSUED = (names.ACCESS_TOKEN_TYPE, names.JWT_TYPE)


class TokenExchange(CheckedGrant, TokenEndpointMixin):
    """A subject token, and that of an actor where there is one, become a new token."""

    GRANT_TYPE = names.TOKEN_EXCHANGE

    def prove(self) -> Authorization:
        wanted = self._requested_type()
        return self._prove_assertion() if wanted == names.ID_JAG_TYPE else self._prove_token(wanted)

    def _prove_token(self, wanted: str) -> Authorization:
        subject, user = self._subject(EXCHANGED)
        audience = self._audience(subject)
        authorization = self._authorization(subject, user, audience, self._scope(subject, user, audience), wanted)
        if wanted == names.JWT_TYPE and self.issuer.is_opaque(authorization):
            raise InvalidRequest(
                f"requested_token_type is {quoted(wanted)}, and access tokens for {' '.join(audience)} are opaque",
                remedy="Ask for an access token, or change access_token_format of the client or resource in the seed",
                section="RFC 8693 section 3",
            )
        return authorization

    def _prove_assertion(self) -> Authorization:
        subject, user = self._subject(id_jag.SUBJECTS)
        parameters = self.request.parameters
        # which resources there are is for the other issuer to say: those that are known here limit the scope
        granted = self._scope(subject, user, id_jag.resources(parameters))
        id_jag.check_scope(granted)
        audience = (id_jag.audience(self.issuer, parameters),)
        return self._authorization(subject, user, audience, granted, names.ID_JAG_TYPE)

    def _scope(self, subject: dict[str, Any], user: User, audience: tuple[str, ...]) -> tuple[str, ...]:
        # an ID token has no scope that bounds the request
        held = scope.parse(subject["scope"]) if "scope" in subject else None
        return self.remaining_scope(self.requested_scope(audience, held, "subject token", SECTION), user, audience)

    def _authorization(
        self, subject: dict[str, Any], user: User, audience: tuple[str, ...], granted: tuple[str, ...], wanted: str
    ) -> Authorization:
        acr, amr = subject.get("acr"), subject.get("amr")
        return Authorization(
            client=self.request.client.record,
            grant_type=self.GRANT_TYPE,
            scope=granted,
            audience=audience,
            user=user,
            grant_id=grant_of(subject),
            auth_time=int(subject["auth_time"]) if "auth_time" in subject else None,
            acr=acr if isinstance(acr, str) else None,
            amr=tuple(str(each) for each in amr) if isinstance(amr, list) else (),
            actor=self._actor(subject),
            issued_token_type=wanted,
        )

    def issue(self, authorization: Authorization) -> dict[str, Any]:
        if authorization.issued_token_type != names.ID_JAG_TYPE:
            return super().issue(authorization)
        self.request.facts.outcome = "identity assertion issued"
        return id_jag.issue(self.issuer, authorization, id_jag.resources(self.request.parameters))

    def _requested_type(self) -> str:
        wanted = self.request.parameters.get("requested_token_type", names.ACCESS_TOKEN_TYPE)
        offered = (*ISSUED, names.ID_JAG_TYPE) if self.issuer.supports(names.ID_JAG) else ISSUED
        if wanted not in offered:
            raise InvalidRequest(
                f"requested_token_type is {quoted(wanted)}, this issuer gives: {' '.join(offered)}",
                remedy="Ask for one of these, or leave it out for an access token",
                section=SECTION,
            )
        return wanted

    def _subject(self, types: tuple[str, ...]) -> tuple[dict[str, Any], User]:
        claims = subject_token.read(self, "subject_token", types)
        user = self.issuer.user_of(claims)
        if user is None:
            raise InvalidRequest(
                f"The subject token speaks for {quoted(claims['sub'])}, who is no user of issuer {self.issuer.url}",
                remedy="Exchange the token of a user; a client gets its own with client_credentials",
                section=SECTION,
            )
        return claims, self.active_user(user.username)

    def _actor(self, subject: dict[str, Any]) -> dict[str, Any] | None:
        """The ``act`` of the new token: the actor now, and inside it those before (RFC 8693 section 4.1)."""
        parameters, settings = self.request.parameters, self.issuer.settings
        before = subject.get("act")
        delegating = "actor_token" in parameters
        if not delegating and "actor_token_type" in parameters:
            raise InvalidRequest(
                "actor_token_type came without actor_token", remedy="Send both or neither", section=SECTION
            )
        if not (settings.delegation if delegating else settings.impersonation):
            kind = "delegation" if delegating else "impersonation"
            raise InvalidRequest(
                f"This issuer does not allow {kind}: an actor_token {'came' if delegating else 'is missing'}",
                remedy=f"{'Leave out' if delegating else 'Send'} actor_token, or set token_exchange.{kind} in the seed",
                section="RFC 8693 section 1.1",
            )
        if not delegating:
            return before
        actor = subject_token.read(self, "actor_token", EXCHANGED)
        return {"sub": actor["sub"], **({"act": before} if before else {})}

    def _audience(self, subject: dict[str, Any]) -> tuple[str, ...]:
        client: Client = self.request.client.record
        # both may come, and the token is for all of them
        asked = {name: each for each in ("resource", "audience") for name in self.request.parameters.all(each)}
        named = tuple(self.issuer.find_resource(name, parameter).uri for name, parameter in asked.items())
        if named or "scope" not in subject:
            return self.issuer.audience(client, named)
        audience = subject.get("aud")
        held = audience if isinstance(audience, list) else [audience]
        return tuple(each for each in held if isinstance(each, str)) or self.issuer.audience(client, ())

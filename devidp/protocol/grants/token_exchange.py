"""Token exchange (RFC 8693): a token becomes one for another place, in the same name or by an actor.

The package of this name in Authlib is empty; so all of it is written here.
"""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import TokenEndpointMixin

from devidp.issuer.issuer import Issuer
from devidp.models import Authorization, Client, User
from devidp.oauth import confirmation, names, scope
from devidp.oauth.errors import InvalidRequest, quoted
from devidp.oauth.identifiers import grant_of, is_of_user, token_id
from devidp.protocol import id_jag
from devidp.protocol.grants import refresh_token
from devidp.protocol.grants.base import CheckedGrant

SECTION = "RFC 8693 section 2.1"
EXCHANGED = (names.ACCESS_TOKEN_TYPE, names.ID_TOKEN_TYPE, names.JWT_TYPE)
ISSUED = (names.ACCESS_TOKEN_TYPE, names.JWT_TYPE)


class TokenExchange(CheckedGrant, TokenEndpointMixin):
    """A subject token, and that of an actor where there is one, become a new token."""

    GRANT_TYPE = names.TOKEN_EXCHANGE

    def prove(self) -> Authorization:
        client: Client = self.request.client.record
        wanted, parameters = self._requested_type(), self.request.parameters
        asserting = wanted == names.ID_JAG_TYPE
        subject, user = self._subject(client, id_jag.SUBJECTS if asserting else EXCHANGED)
        # an assertion is for another issuer: of its resources, only those that this one knows limit the scope
        place = id_jag.resources(self.issuer, parameters) if asserting else self._audience(client, subject)
        # an ID token has no scope that bounds the request
        held = scope.parse(subject["scope"]) if "scope" in subject else None
        granted = self.remaining_scope(self.requested_scope(place, held, "subject token", SECTION), user, place)
        if asserting:
            id_jag.check_scope(granted)
        return Authorization(
            client=client,
            grant_type=self.GRANT_TYPE,
            scope=granted,
            audience=(id_jag.audience(self.issuer, parameters),) if asserting else place,
            user=user,
            grant_id=grant_of(subject),
            actor=self._actor(client, subject),
            issued_token_type=wanted,
            **_login_facts(subject),
        )

    def issue(self, authorization: Authorization) -> dict[str, Any]:
        if authorization.issued_token_type != names.ID_JAG_TYPE:
            return super().issue(authorization)
        self.request.facts.outcome = "identity assertion issued"
        return id_jag.issue(self.issuer, authorization, id_jag.resources(self.issuer, self.request.parameters))

    def _requested_type(self) -> str:
        wanted = self.request.parameters.get("requested_token_type", names.ACCESS_TOKEN_TYPE)
        offered = (*ISSUED, names.ID_JAG_TYPE) if self.issuer.supports(names.ID_JAG) else ISSUED
        if wanted not in offered:
            raise InvalidRequest(
                f"requested_token_type is {quoted(wanted)}, this issuer gives: {' '.join(offered)}",
                remedy="Ask for one of these, or leave it out for an access token",
                section=SECTION,
                got=wanted,
                expected=offered,
            )
        return wanted

    def _subject(self, client: Client, types: tuple[str, ...]) -> tuple[dict[str, Any], User]:
        claims = self._read(client, "subject_token", types)
        user = self.issuer.user_of(claims)
        if user is None:
            raise InvalidRequest(
                f"The subject token speaks for {quoted(claims['sub'])}, who is no user of issuer {self.issuer.url}",
                remedy="Exchange the token of a user; a client gets its own with client_credentials",
                section=SECTION,
            )
        return claims, self.active_user(user.username)

    def _read(self, client: Client, name: str, types: tuple[str, ...]) -> dict[str, Any]:
        """The claims of the token in the parameter ``name``; raises InvalidRequest where it is not valid now."""
        issuer, parameters = self.issuer, self.request.parameters
        token, token_type = parameters.required(name, SECTION), parameters.required(f"{name}_type", SECTION)
        if token_type not in types:
            raise InvalidRequest(
                f"{name}_type is {quoted(token_type)}, expected {' or '.join(types)}",
                remedy="Send a token of such a type that this issuer gave out",
                section=SECTION if types == EXCHANGED else id_jag.SECTION,
                got=token_type,
                expected=types,
            )
        claims = None
        if token_type == names.REFRESH_TOKEN_TYPE:
            claims = self._refresh_claims(client, token)
        if token_type in (names.ACCESS_TOKEN_TYPE, names.JWT_TYPE):
            claims = issuer.read_access_token(token)
        if claims is None and token_type in (names.ID_TOKEN_TYPE, names.JWT_TYPE):
            claims = _read_id_token(issuer, client, token)
        if claims is None:
            raise InvalidRequest(
                f"The {name} is no {token_type.rpartition(':')[2]} of issuer {issuer.url} that client "
                f"{quoted(client.client_id)} may exchange, or it has expired, was revoked, or is not valid yet",
                remedy="Get a new one from this issuer; an ID token has to be for the client that exchanges it",
                section="RFC 8693 section 2.2.2",
            )
        self.check_key(confirmation.thumbprint(claims), name.replace("_", " "))
        return claims

    def _refresh_claims(self, client: Client, token: str) -> dict[str, Any]:
        """What an access token of the authorization would say; the refresh token stays as it is."""
        record = refresh_token.find(self, self.issuer.refresh_handle(token))
        claims = {
            "sub": self.issuer.subject(self.active_user(record.username), client),
            "client_id": client.client_id,
            "scope": scope.join(record.scope),
            "jti": token_id(record.grant_id),
            "auth_time": record.auth_time,
            "acr": record.acr,
            "amr": list(record.amr),
        }
        return claims if record.jkt is None else {**claims, "cnf": {"jkt": record.jkt}}

    def _actor(self, client: Client, subject: dict[str, Any]) -> dict[str, Any] | None:
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
        actor = self._read(client, "actor_token", EXCHANGED)
        if is_of_user(actor):
            user = self.issuer.user_of(actor)
            self.active_user(actor["sub"] if user is None else user.username)
        return {"sub": actor["sub"], **({"act": before} if before else {})}

    def _audience(self, client: Client, subject: dict[str, Any]) -> tuple[str, ...]:
        # both may come, and the token is for all of them
        asked = {name: each for each in ("resource", "audience") for name in self.request.parameters.all(each)}
        named = tuple(self.issuer.find_resource(name, parameter).uri for name, parameter in asked.items())
        if named or "scope" not in subject:
            return self.issuer.audience(client, named)
        audience = subject.get("aud")
        held = audience if isinstance(audience, list) else [audience]
        return tuple(each for each in held if isinstance(each, str)) or self.issuer.audience(client, ())


def _login_facts(subject: dict[str, Any]) -> dict[str, Any]:
    """What the subject token says of the login, as keywords of an authorization."""
    acr, amr = subject.get("acr"), subject.get("amr")
    return {
        "auth_time": int(subject["auth_time"]) if "auth_time" in subject else None,
        "acr": acr if isinstance(acr, str) else None,
        "amr": tuple(str(each) for each in amr) if isinstance(amr, list) else (),
    }


def _read_id_token(issuer: Issuer, client: Client, token: str) -> dict[str, Any] | None:
    claims = issuer.read_id_token(token)
    if claims is None or not issuer.is_of_now(claims) or claims["aud"] != client.client_id:
        return None
    grant_id, grants = grant_of(claims) or "", issuer.store.grants
    # it speaks for a login: where that has ended, what it authorized may live on, and is exchanged by its other tokens
    ended = "sid" in claims and grants.session_of(grant_id) != claims["sid"]
    return None if ended or not grants.is_alive(grant_id) else claims

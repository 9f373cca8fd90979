"""The tokens of one issuer before their signature: which claims they hold, and which key is to sign them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from devidp.issuer import shape
from devidp.issuer.lookup import Lookup
from devidp.keys import KeyRing, tokens
from devidp.keys.shaping import Shaping
from devidp.keys.tokens import Draft
from devidp.models import Authorization, Client, Resource, User
from devidp.models.template import Granted
from devidp.oauth import resource, scope
from devidp.oauth.identifiers import token_id

ID_JAG_LIFETIME = 300
"""Seconds."""
USERINFO_CLAIMS = "userinfo_claims"
"""Claim of an access token: the names of claims that the authorization request named individually."""


class Drafts(Lookup):
    """What an authorization becomes, up to the signature."""

    keys: KeyRing

    def access_draft(self, authorization: Authorization) -> Draft:
        """The access token of ``authorization`` before its signature."""
        client, resources = authorization.client, self.audience_resources(authorization.audience)
        key = self.keys.signing_with(next(filter(None, (each.signing_algorithm for each in resources)), None))
        draft = tokens.draft(tokens.ACCESS_TOKEN_TYPE, self._access_claims(authorization), key)
        wanted = (self.settings.access_token, *(each.access_token for each in resources), client.access_token)
        if shapes := list(filter(None, wanted)):
            granted = self._granted(authorization, draft.claims)
            draft = shape.shaped(draft, shapes, granted, "access", draft.claims["exp"])
        return _opaque(draft) if self._is_opaque(client, resources) else draft

    def id_draft(self, authorization: Authorization, access_token: str | None, code: str | None = None) -> Draft:
        """The ID token of ``authorization``, which has a user, before its signature.

        One without a token or a code has what UserInfo would say (OpenID Connect Core section 5.4).
        """
        user, key = authorization.user, self.keys.signing_with(authorization.client.id_token_signed_response_alg)
        assert user is not None
        claims = self._id_claims(authorization, user)
        for name, value in (("at_hash", access_token), ("c_hash", code)):
            if value is not None:
                claims[name] = tokens.half_hash(value, key.algorithm)
        alone = access_token is None and code is None
        scopes = authorization.scope if alone or self.settings_for(authorization.client).claims_in_id_token else ()
        claims = self.released_claims(user, authorization.client, scopes, authorization.id_token_claims) | claims
        draft = tokens.draft(tokens.ID_TOKEN_TYPE, claims, key)
        shapes = list(filter(None, (self.settings.id_token, authorization.client.id_token)))
        if not shapes:
            return draft
        granted = self._granted(authorization, claims)
        # as a hint it is shown long after its end (OpenID Connect RP-Initiated Logout section 2)
        return shape.shaped(draft, shapes, granted, "id", self.keep_until(authorization.client))

    def userinfo(self, user: User, client: Client, token: Mapping[str, Any]) -> dict[str, Any]:
        """What UserInfo says of ``user`` for an access token with these claims (OpenID Connect Core section 5.3.2)."""
        scopes = scope.parse(token["scope"])
        answer = self.released_claims(user, client, scopes, token.get(USERINFO_CLAIMS, ()))
        for each in filter(None, (self.settings.userinfo, client.userinfo)):
            audience = token.get("aud", [])
            named = tuple(audience) if isinstance(audience, list) else (audience,)
            granted = Granted(self.url, self.name, client, user, scopes, named, token, self.clock.seconds())
            answer = shape.changed(answer, each, granted)
        return answer

    def logout_draft(self, user: User, client: Client, sid: str) -> Draft:
        """A logout token for ``client`` before its signature."""
        key = self.keys.signing_with(client.id_token_signed_response_alg)
        return tokens.logout_draft(
            self.url, client.client_id, self.subject(user, client), sid, self.clock.seconds(), key
        )

    def id_jag_draft(self, authorization: Authorization, resources: tuple[str, ...] = ()) -> Draft:
        """An identity assertion for the issuer that is the audience of ``authorization`` (ID-JAG draft section 3.1)."""
        user, audience, now = authorization.user, authorization.audience[0], self.clock.seconds()
        assert user is not None
        claims: dict[str, Any] = {
            "iss": self.url,
            # what the other issuer would get in an ID token, whatever the client knows the user by
            "sub": user.sub,
            "aud": audience,
            "client_id": self._client_id_at(authorization.client, audience),
            "jti": token_id(authorization.grant_id),
            "iat": now,
            "exp": now + ID_JAG_LIFETIME,
            "scope": scope.join(authorization.scope),
        }
        optional = {
            "resource": resources[0] if len(resources) == 1 else list(resources) or None,
            "auth_time": authorization.auth_time,
            "acr": authorization.acr,
            "amr": list(authorization.amr) or None,
            "act": authorization.actor,
            "cnf": authorization.jkt and {"jkt": authorization.jkt},
            "email": user.claims.get("email"),
            "tenant_id": user.claims.get("tenant_id"),
        }
        claims |= {name: value for name, value in optional.items() if value is not None}
        return tokens.draft(tokens.ID_JAG_TYPE, claims, self.keys.active)

    def _is_opaque(self, client: Client, resources: Iterable[Resource]) -> bool:
        """Whether an access token is a random string: as its client says, or a resource, or the issuer."""
        own, default = client.access_token_format, self.settings.access_token_format
        return "opaque" in ([own] if own else [each.access_token_format or default for each in resources] or [default])

    def _granted(self, authorization: Authorization, claims: Mapping[str, Any]) -> Granted:
        """What templates can name."""
        return Granted(
            self.url,
            self.name,
            authorization.client,
            authorization.user,
            authorization.scope,
            self.own_names(authorization.audience),
            {**claims, "nonce": authorization.nonce},
            self.clock.seconds(),
            authorization.grant_type,
            authorization.sid,
        )

    def _client_id_at(self, client: Client, audience: str) -> str:
        """What the issuer at ``audience`` knows ``client`` by: its registration there is another one."""
        siblings = {each.name for each in self.seed.issuers}
        for name, client_id in client.client_ids.items():
            url = self.sibling(name) if name in siblings else name
            if resource.find([url], audience) is not None:
                return client_id
        return client.client_id

    def _access_claims(self, authorization: Authorization) -> dict[str, Any]:
        """The claims of RFC 9068 section 2.2, and those of the user that the issuer copies."""
        now = self.clock.seconds()
        audience, jkt = self.own_names(authorization.audience), authorization.jkt
        user, client = authorization.user, authorization.client
        claims: dict[str, Any] = {
            "iss": self.url,
            "sub": client.client_id if user is None else self.subject(user, client),
            "aud": audience[0] if len(audience) == 1 else list(audience),
            "client_id": client.client_id,
            "iat": now,
            "exp": now + self.lifetimes(client).access_token,
            "jti": token_id(authorization.grant_id),
            "scope": scope.join(authorization.scope),
            "auth_time": authorization.auth_time,
            "cnf": None if jkt is None else {"jkt": jkt},
            "act": authorization.actor,
            "acr": authorization.acr,
            "amr": list(authorization.amr) or None,
            USERINFO_CLAIMS: list(authorization.userinfo_claims) or None,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if user is not None:
            claims |= {
                name: user.claims[name] for name in self.settings_for(client).access_token_claims if name in user.claims
            }
        return claims

    def _id_claims(self, authorization: Authorization, user: User) -> dict[str, Any]:
        """The claims of OpenID Connect Core section 2."""
        now = self.clock.seconds()
        claims: dict[str, Any] = {
            "iss": self.url,
            "sub": self.subject(user, authorization.client),
            "aud": authorization.client.client_id,
            "iat": now,
            "exp": now + self.lifetimes(authorization.client).id_token,
            "jti": token_id(authorization.grant_id),
            "auth_time": authorization.auth_time,
        }
        optional = {
            "nonce": authorization.nonce,
            "acr": authorization.acr,
            "amr": list(authorization.amr) or None,
            "sid": authorization.sid or None,
        }
        return claims | {name: value for name, value in optional.items() if value is not None}

    def released_claims(
        self, user: User, client: Client, scopes: Iterable[str], named: Iterable[str] = ()
    ) -> dict[str, Any]:
        """What ``scopes`` release of ``user``, and what was ``named`` (OpenID Connect Core section 5.4 and 5.5)."""
        known = (self.seed.scopes[name] for name in scopes if name in self.seed.scopes)
        wanted = dict.fromkeys([*(claim for each in known for claim in each.claims), *named])
        claims = {name: user.claims[name] for name in wanted if name in user.claims}
        return {"sub": self.subject(user, client), **claims}


def _opaque(draft: Draft) -> Draft:
    """``draft`` as an opaque token: a row says all of it."""
    shaping = draft.shaping or Shaping("access", draft.claims, draft.claims, {}, draft.claims["exp"])
    return draft._replace(shaping=shaping._replace(opaque=True))

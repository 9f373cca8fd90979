"""One issuer: its settings, keys and rows, and the one place where an authorization becomes tokens."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from typing import TYPE_CHECKING, Any, Protocol, Self

from devidp.issuer import resource_scope
from devidp.issuer.backchannel import LogoutNotifier
from devidp.issuer.refresh_tokens import RefreshTokens
from devidp.keys import KeyRing, SigningKey, tokens
from devidp.keys.shaping import ShapedType
from devidp.keys.tokens import Draft, IssuedType
from devidp.models import Authorization, Client, Grant, IssuerSettings, Seed, User
from devidp.models.addresses import addresses
from devidp.models.template import filled
from devidp.oauth import confirmation, numeric_date
from devidp.oauth.errors import Problem
from devidp.oauth.identifiers import grant_of, random_token
from devidp.store import Store
from devidp.system.clock import Clock
from devidp.system.documents import Documents

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

_Kinds = Mapping[str, type | tuple[type, ...]]
_NUMBER = (int, float)
_ACCESS_CLAIMS: _Kinds = {"iss": str, "sub": str, "client_id": str, "scope": str, "jti": str, "exp": _NUMBER}
_ID_CLAIMS: _Kinds = {"iss": str, "sub": str, "aud": str, "exp": _NUMBER, "iat": _NUMBER}


class Host(Protocol):
    """The server around an issuer. Its other issuers go by their names."""

    @property
    def logout_notifier(self) -> LogoutNotifier: ...

    def spoilt(self, issuer: Issuer, draft: Draft, token_type: IssuedType, authorization: Authorization) -> str | None:
        """The token with the armed faults that are meant for it; ``None`` where there are none."""

    def signing_key(self, issuer: str) -> SigningKey: ...

    def key_set(self, issuer: str) -> KeySet: ...


class Issuer(RefreshTokens):
    """An OAuth 2.1 authorization server and OpenID provider under one URL."""

    def __init__(
        self,
        settings: IssuerSettings,
        seed: Seed,
        base_url: str,
        backchannel_url: str | None = None,
        *,
        clock: Clock,
        store: Store,
        keys: KeyRing,
        secret: bytes,
        host: Host,
    ) -> None:
        super().__init__(settings, seed, base_url, clock=clock, store=store, secret=secret)
        # one on a host of its own is nowhere else
        behind = [addresses(settings, backchannel_url)] if backchannel_url and settings.url is None else []
        self.reached = (self.addresses, *behind)
        """Where it is reached: by browsers and clients, and by other servers."""
        self.keys = keys
        self.documents = Documents(clock)
        """What was fetched for this issuer."""
        self.host = host

    def called(self, base_url: str) -> Self:
        """The same issuer under another of its names; tokens are its own whichever of them they say."""
        other = copy(self)
        other._call(base_url)
        other.reached = (other.addresses, *self.reached)
        return other

    @property
    def urls(self) -> tuple[str, ...]:
        """The issuer as it is called where it is reached, the identifier first."""
        return tuple(each.url for each in self.reached)

    def urls_of(self, endpoint: str) -> tuple[str, ...]:
        """Every URL of an endpoint, the one of the metadata first."""
        return tuple(url for each in self.reached for url in each.all(endpoint))

    def issue(self, authorization: Authorization) -> dict[str, Any]:
        """The token response (RFC 6749 section 5.1): the one place where every grant ends."""
        response = self._access_response(authorization)
        if authorization.refresh_handle is not None:
            response["refresh_token"] = self.refresh_token(authorization.refresh_handle)
        if authorization.issued_token_type is not None:
            response["issued_token_type"] = authorization.issued_token_type
        elif "openid" in authorization.scope and authorization.user is not None:
            draft = self.id_draft(authorization, response["access_token"])
            response["id_token"] = self.sign(draft, "id", authorization)
        return response | self._added_members(authorization) if self.settings.token_response else response

    def _added_members(self, authorization: Authorization) -> dict[str, Any]:
        """What the seed adds to the answer of the token endpoint."""
        handle = authorization.refresh_handle
        record = None if handle is None else self.store.find_refresh_token(handle)
        facts = {
            "refresh_expires_in": None if record is None else record.expires_at - self.clock.seconds(),
            "auth_time": authorization.auth_time,
            "acr": authorization.acr,
        }
        return filled(self.settings.token_response, self._granted(authorization, facts)) or {}

    def issue_in_front(self, authorization: Authorization, kind: Collection[str], code: str | None) -> dict[str, Any]:
        """The tokens that the authorization endpoint gives (OpenID Connect Core section 3.2.2.5 and 3.3.2.5)."""
        response = self._access_response(authorization) if "token" in kind else {}
        if "id_token" in kind:
            draft = self.id_draft(authorization, response.get("access_token"), code)
            response["id_token"] = self.sign(draft, "id", authorization)
        return response

    def add_grant(self, grant_id: str, client: Client, user: User, scope: Collection[str], sid: str = "") -> None:
        """Store what ``user`` has granted; it ends with the session ``sid``, unless it is for offline access."""
        grant = Grant(grant_id, client.client_id, user.username, sid, offline="offline_access" in scope)
        self.store.grants.add(grant, self.keep_until(client))

    def sign(self, draft: Draft, token_type: IssuedType, authorization: Authorization) -> str:
        """The token of ``draft``, with the armed faults that are meant for it."""
        return self.host.spoilt(self, draft, token_type, authorization) or self.finish(draft)

    def finish(self, draft: Draft) -> str:
        """``draft`` as a token: signed, or opaque."""
        if draft.shaping is None:
            return tokens.sign(draft)
        return self.keep(random_token() if draft.shaping.opaque else tokens.sign(draft), draft)

    def keep(self, token: str, draft: Draft) -> str:
        """``token``, which is made of ``draft``; what it does not say itself is stored."""
        shaping = draft.shaping
        if shaping is None or (shaping.whole and not shaping.opaque):
            return token
        said = draft.claims if shaping.opaque else tokens.members(token.partition(".")[2].partition(".")[0])
        if said is None:
            return token
        meant, end = shaping.read(said), said.get("exp")
        # whoever mints it chooses how long it lives
        keep_until = max(shaping.keep_until, int(end) if numeric_date.is_date(end) else 0)
        shown = None if said == shaping.standard else said
        self.store.kept_tokens.add(token, shaping.token_type, meant, shown, keep_until)
        return token

    def _access_response(self, authorization: Authorization) -> dict[str, Any]:
        if authorization.client.unused:
            self.store.clients.keep(authorization.client.client_id)
        return {
            "access_token": self.sign(self.access_draft(authorization), "access", authorization),
            "token_type": "Bearer" if authorization.jkt is None else "DPoP",
            "expires_in": self.lifetimes(authorization.client).access_token,
            "scope": resource_scope.join(self, authorization),
        }

    def signed_answer(self, token_type: str, algorithm: str | None, client: Client, members: dict[str, Any]) -> str:
        """An answer for ``client`` as a JWT, signed with ``algorithm`` or the issuer's own."""
        claims = {"iss": self.url, "aud": client.client_id, **members}
        return tokens.sign(tokens.draft(token_type, claims, self.keys.signing_with(algorithm)))

    def read_access_token(self, token: str) -> dict[str, Any] | None:
        """The claims of an access token that is valid at this moment, or ``None``."""
        claims = self.issued_access_token(token)
        if claims is None or not self.is_of_now(claims):
            return None
        good = self.store.is_good(claims["jti"], grant_of(claims))
        return claims if good and self.client(claims["client_id"]) is not None else None

    def issued_access_token(self, token: str) -> dict[str, Any] | None:
        """The claims of an access token of this issuer, whatever became of it; ``None`` for any other text."""
        claims = self._meant(token, "access", tokens.ACCESS_TOKEN_TYPE)
        return claims if claims is not None and self._are_sound(claims, _ACCESS_CLAIMS) else None

    def _meant(self, token: str, token_type: ShapedType, typ: str) -> dict[str, Any] | None:
        """What a token of this issuer means that is of ``token_type``: by its row, or else by ``typ`` in its header."""
        kept = self.store.kept_tokens.find(token)
        # a shape can give one kind of token the type and the claims of the other
        if kept is not None and kept.token_type != token_type:
            return None
        if kept is not None and "." not in token:
            return kept.claims
        claims = tokens.verify(token, self.keys.key_set(), None if kept else typ)
        return claims if kept is None or claims is None else kept.claims

    def is_of_now(self, claims: dict[str, Any]) -> bool:
        """Whether a token has begun and not ended (RFC 7662 section 4)."""
        return bool(claims.get("nbf", 0) <= self.clock.now() < claims["exp"])

    def read_id_token(self, token: str) -> dict[str, Any] | None:
        """The claims of an ID token that this issuer has signed, however long ago; ``None`` for any other text."""
        claims = self._meant(token, "id", tokens.ID_TOKEN_TYPE)
        # UserInfo as a JWT has the same type, and neither exp nor iat (OpenID Connect Core section 2 and 5.3.2)
        return None if claims is None or not self._are_sound(claims, _ID_CLAIMS) else claims

    def _are_sound(self, claims: dict[str, Any], needed: _Kinds) -> bool:
        """Whether ``claims`` are of this issuer, with all that are ``needed``.

        An imported key may sign elsewhere too, and tests mint whatever they want: a signature vouches for nothing.
        """
        try:
            confirmation.thumbprint(claims)
        except Problem:
            return False
        whole = all(isinstance(claims.get(name), kind) for name, kind in needed.items())
        return whole and numeric_date.are_dates(claims) and self.is_called(claims["iss"])

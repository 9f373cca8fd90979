"""What every grant shares: it proves an authorization, and narrows the audience where the request says so."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import Any, ClassVar, cast

from authlib.oauth2.rfc6749 import BaseGrant

from devidp.issuer import policy
from devidp.issuer.issuer import Issuer
from devidp.models import Authorization, Client, DeviceCode, StoredGrant, User
from devidp.oauth import names, scope
from devidp.oauth.errors import InvalidGrant, InvalidRequest, InvalidScope, InvalidTarget, UnauthorizedClient, quoted
from devidp.oauth.identifiers import flow_of
from devidp.protocol import dpop, single_use, target
from devidp.protocol.models import ProtocolClient
from devidp.protocol.request import ProtocolRequest

OFFLINE = "offline"
"""The ``access_type`` with which Google gives a refresh token."""


class ProvingGrant(BaseGrant):
    """A grant of Authlib whose checks end in an ``Authorization``."""

    GRANT_TYPE: ClassVar[str]
    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = list(names.AUTH_METHODS)
    request: ProtocolRequest

    @property
    def issuer(self) -> Issuer:
        return cast(Issuer, self.server.issuer)

    def authenticate_token_endpoint_client(self) -> ProtocolClient:
        """The client, which may use this grant; raises InvalidClient, UnauthorizedClient."""
        client: ProtocolClient = super().authenticate_token_endpoint_client()
        if not client.check_grant_type(self.GRANT_TYPE):
            raise UnauthorizedClient(
                f"Client {quoted(client.client_id)} may not use the grant {self.GRANT_TYPE}",
                remedy="Add the grant to the client in the seed, or register it with the grant",
                got=self.GRANT_TYPE,
                expected=sorted(client.record.grants),
            )
        return client

    @abstractmethod
    def prove(self) -> Authorization:
        """What the request authorizes. Every check is here, and nothing is used up."""

    def consume(self, authorization: Authorization) -> bool:
        """Use up what was presented, and store its successor; ``False`` where another request was first."""
        return True

    def check_replay(self) -> None:
        """Raise the refusal of a request that was not the first, unless it counts again."""
        raise NotImplementedError

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Authlib's last step: its own would save after signing, and use up the code after that."""
        self.request.jkt = self._proven_key()
        authorization = self.prove()
        if self.request.jkt is not None:
            authorization = replace(authorization, jkt=self.request.jkt)
        facts = self.request.facts
        facts.user = authorization.user.username if authorization.user else ""
        facts.scope, facts.token_audience = " ".join(authorization.scope), " ".join(authorization.audience)
        self.note_flow(authorization.grant_id, authorization.state)
        if not self._use_up(authorization):
            self.check_replay()
        response = self.issue(authorization)
        facts.add_faults(authorization.faults)
        return 200, response, []

    def issue(self, authorization: Authorization) -> dict[str, Any]:
        """The token response."""
        return self.issuer.issue(authorization)

    def _use_up(self, authorization: Authorization) -> bool:
        """Use up single-use ids and what was presented in one step."""
        if authorization.grant_id is None and not self.request.single_use:
            return self.consume(authorization)
        with self.issuer.store.at_once():
            single_use.use_up(self.issuer, self.request.single_use)
            if authorization.grant_id is not None:
                self.issuer.store.grants.keep(authorization.grant_id, self.issuer.keep_until(authorization.client))
            return self.consume(authorization)

    def note_flow(self, grant_id: str | None, state: str | None) -> None:
        """Note the flow that this request belongs to, for its event."""
        self.request.facts.flow, self.request.facts.state = flow_of(grant_id), state or ""

    def _proven_key(self) -> str | None:
        """The key that access tokens are bound to (RFC 9449 section 5)."""
        proof = dpop.verify(self.issuer, self.request.headers, dpop.Target("POST", "token"))
        client: Client = self.request.client.record
        if proof is not None:
            self.request.single_use.append(proof.used)
            return proof.thumbprint
        if client.dpop_bound and self.issuer.supports(names.DPOP):
            raise InvalidRequest(
                f"Client {quoted(client.client_id)} gets tokens only with a DPoP proof, and none came",
                remedy="Send a proof in the header DPoP",
                section="RFC 9449 section 5.2",
            )
        return None

    def check_key(self, bound_to: str | None, what: str) -> None:
        """Raise InvalidGrant where ``what`` is bound to another key than the one that the request has proven."""
        if bound_to is not None and bound_to != self.request.jkt:
            came = "none was proven" if self.request.jkt is None else "another one was proven"
            raise InvalidGrant(
                f"The {what} is bound to a DPoP key, and {came}",
                remedy="Send a DPoP proof under the key that it was asked for with",
                section="RFC 9449 section 5 and 10",
            )

    def check_owner(self, client_id: str, what: str, section: str) -> None:
        """Raise InvalidGrant where ``what`` was issued to another client than the one that presents it."""
        presenting = self.request.client.client_id
        if client_id != presenting:
            raise InvalidGrant(
                f"The {what} was issued to client {quoted(client_id)}, not to {quoted(presenting)}",
                remedy="Send it with the client that asked for it",
                section=section,
                got=presenting,
                expected=[client_id],
            )

    def check_alive(self, grant_id: str, what: str, section: str) -> None:
        """Raise InvalidGrant where the authorization behind ``what`` has ended."""
        if not self.issuer.store.grants.is_alive(grant_id):
            raise InvalidGrant(
                f"The {what} has been revoked: the authorization that it came of has ended",
                remedy="Ask the user again; docs/endpoints.md says what ends what",
                section=section,
            )

    def resume(
        self, record: StoredGrant | DeviceCode, username: str, wanted: tuple[str, ...], **facts: Any
    ) -> Authorization:
        """The authorization of a stored grant, within what request, user and seed leave of it now."""
        client: Client = self.request.client.record
        user = self.active_user(username)
        audience = self.narrowed_audience(self.issuer.audience(client, record.resources))
        return Authorization(
            client=client,
            grant_type=self.GRANT_TYPE,
            scope=self.remaining_scope(wanted, user, audience),
            audience=audience,
            user=user,
            grant_id=record.grant_id,
            **facts,
        )

    def first_refresh_handle(self, granted: tuple[str, ...], access_type: str = OFFLINE) -> str | None:
        """A new one where client and issuer have the grant and the request suffices (OpenID Connect Core section 11).

        A grant without an authorization request has no ``access_type``, and Google gives one there.
        """
        client = self.request.client.record
        settings = self.issuer.settings_for(client)
        by_mode = {"always": True, "access_type": access_type == OFFLINE}
        wanted = by_mode.get(settings.refresh_tokens, "offline_access" in granted)
        allowed = names.REFRESH_TOKEN in client.grants and names.REFRESH_TOKEN in settings.grants
        return self.issuer.first_refresh_handle(client) if wanted and allowed else None

    def active_user(self, username: str) -> User:
        """The user of a code or refresh token; raises InvalidGrant where it is gone or disabled."""
        user = self.issuer.user(username)
        if user is None or user.disabled:
            state = "is not in the seed any more" if user is None else "is disabled"
            raise InvalidGrant(
                f"User {quoted(username)} {state}",
                remedy="Log in as another user, or change the user in the seed",
            )
        return user

    def narrowed_audience(self, granted: tuple[str, ...]) -> tuple[str, ...]:
        """The audience that this request asks for, within ``granted`` (RFC 8707 section 2.2)."""
        requested, parameter = target.named(self.request.parameters), target.spelling(self.request.parameters)
        for uri in requested:
            if not self.issuer.is_among(granted, uri):
                raise InvalidTarget(
                    f"The {parameter} {quoted(uri)} was not part of the authorization, "
                    f"which is for {' '.join(granted)}",
                    remedy=f"Send the {parameter} at the authorization endpoint too",
                    section="RFC 8707 section 2.2",
                    got=uri,
                    expected=granted,
                )
        return requested or granted

    def requested_scope(
        self, audience: tuple[str, ...], held: tuple[str, ...] | None, holder: str, section: str
    ) -> tuple[str, ...]:
        """What the request asks for, within the scope ``held`` by its ``holder``; ``None`` sets no bound."""
        issuer, client = self.issuer, self.request.client.record
        requested = policy.parse_request(self.request.parameters.get("scope"), issuer.seed, issuer.settings_for(client))
        if held is None:
            resources = issuer.audience_resources(audience)
            return requested or policy.default_scopes(issuer.seed, issuer.settings, client, resources)
        if beyond := [name for name in requested if name not in held]:
            raise InvalidScope(
                f"The scope {quoted(beyond[0])} is not in the {holder}, which has: {scope.join(held)}",
                remedy=f"Ask for a part of it, leave scope out, or get a wider {holder}",
                section=section,
                got=beyond[0],
                expected=held,
            )
        return requested or held

    def remaining_scope(self, granted: tuple[str, ...], user: User, audience: tuple[str, ...]) -> tuple[str, ...]:
        """What of ``granted`` a token for ``audience`` may have now; raises InvalidScope where nothing is left.

        The audience may be narrower than the authorization, and the seed stricter than when it was given.
        """
        issuer = self.issuer
        known = tuple(name for name in granted if name in issuer.seed.scopes)
        resources = issuer.audience_resources(audience)
        decision = policy.decide(known, issuer.seed, self.request.client.record, user, resources)
        if decision.withheld:
            self.request.facts.detail = decision.explanation()
        if granted and not decision.granted:
            raise InvalidScope(
                f"Nothing of the scope {quoted(scope.join(granted))} can be granted any more: {decision.explanation()}",
                remedy="Send the user to the authorization endpoint again, or allow the scope in the seed",
                section="OAuth 2.1 section 3.2.2.1",
            )
        return decision.granted


class CheckedGrant(ProvingGrant):
    """A grant without checks of Authlib: this says who the client is and that it may; ``prove`` does the rest."""

    def validate_token_request(self) -> None:
        self.authenticate_token_endpoint_client()

"""Who is logged in in which browser, what users have authorized, and how either is ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from devidp.issuer import logout
from devidp.issuer.issuer import Issuer
from devidp.models import GrantState, RefreshToken, Session
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.control.limits import LIMIT, end_of
from devidp.web.control.overrides import UnknownRecord, names
from devidp.web.runtime import Runtime

RefreshState = Literal["usable", "used", "expired", "ended"]


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser in which a user is logged in. Instants are seconds since the epoch, by the clock of devidp."""

    id: str
    """What clients know it by, as ``sid``."""
    issuer: str
    user: str
    user_agent: str
    auth_time: int
    expires_at: int
    amr: tuple[str, ...]
    """How the user logged in (RFC 8176)."""
    clients: tuple[str, ...]
    """To which the user has logged in with it."""


@dataclass(frozen=True, slots=True)
class UserAuthorization:
    """What a user has authorized a client to do, from which all of its tokens come."""

    id: str
    """With which the ``jti`` of each of its access tokens begins."""
    issuer: str
    user: str
    client: str
    session: str
    """The session in which it was given; empty where there was none, or it has ended."""
    offline: bool
    """Whether it outlives the session."""
    ended: bool
    """Whether its tokens are revoked."""
    keep_until: int
    """When the last of its tokens expires, in seconds since the epoch."""
    refresh_token: RefreshState | None
    """What has become of its refresh token; ``None``: it has none."""
    scope: tuple[str, ...]
    """Of the refresh token."""


class _Listed:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def _at(self, issuer: str | None, user: str | None, client: str | None = None) -> list[Issuer]:
        """The issuers that are meant; raises UnknownName for a user or client that none of them has."""
        found = issuers.matching(self._runtime, issuer)
        if user is not None and not any(each.user(user) for each in found):
            raise UnknownRecord("user", user, names(self._runtime, "users"))
        if client is not None and not any(each.find_client(client) for each in found):
            raise UnknownRecord("client", client, names(self._runtime, "clients"))
        return found


class Sessions(_Listed):
    """The sessions of browsers."""

    def find(
        self, user: str | None = None, *, issuer: str | None = None, limit: int = LIMIT, offset: int = 0
    ) -> list[OpenSession]:
        """Those of ``user``, or all of them, the newest first; raises ControlError."""
        end = end_of(limit, offset)
        found = [
            _open(at, session)
            for at in self._at(issuer, user)
            for session in at.store.sessions.select(at.clock.now(), end, username=user)
        ]
        return sorted(found, key=lambda each: each.expires_at, reverse=True)[offset:end]

    def count(self, user: str | None = None, *, issuer: str | None = None) -> int:
        at = self._at(issuer, user)
        return sum(each.store.sessions.count(each.clock.now(), username=user) for each in at)

    def end(self, id: str) -> None:  # noqa: A002
        """Log the browser out, and tell its clients by back-channel logout; raises UnknownName.

        Only a browser can load what front-channel logout names: those clients hear nothing.
        """
        for at in self._runtime.issuers:
            for session in at.store.sessions.select(at.clock.now(), 1, sid=id):
                logout.end(at, session.username, session.sid)
                return
        raise UnknownName("session", id, (each.id for each in self.find()))

    def end_all(self, user: str | None = None, *, issuer: str | None = None) -> int:
        """End those of ``user``, or all of them; how many there were."""
        ended = 0
        while found := self.find(user, issuer=issuer):
            for each in found:
                self.end(each.id)
            ended += len(found)
        return ended


class Authorizations(_Listed):
    """What users have authorized. What a client gets for itself is none of these."""

    def find(
        self,
        user: str | None = None,
        *,
        client: str | None = None,
        issuer: str | None = None,
        limit: int = LIMIT,
        offset: int = 0,
    ) -> list[UserAuthorization]:
        """Those of which a token may not have expired, the newest first; raises ControlError."""
        end = end_of(limit, offset)
        found = [
            (at, state)
            for at in self._at(issuer, user, client)
            for state in at.store.grants.select(at.clock.now(), end, username=user, client_id=client)
        ]
        newest = sorted(found, key=lambda each: each[1].keep_until, reverse=True)[offset:end]
        tokens = {
            at.name: at.store.refresh_tokens_of([state.grant.grant_id for each, state in newest if each is at])
            for at in dict.fromkeys(at for at, _ in newest)
        }
        return [_shown(at, state, tokens[at.name].get(state.grant.grant_id)) for at, state in newest]

    def count(self, user: str | None = None, *, client: str | None = None, issuer: str | None = None) -> int:
        at = self._at(issuer, user, client)
        return sum(each.store.grants.count(each.clock.now(), username=user, client_id=client) for each in at)

    def end(self, id: str) -> None:  # noqa: A002
        """Revoke everything that came of it; raises UnknownName, also where that was done before."""
        for at in self._runtime.issuers:
            for state in at.store.grants.select(at.clock.now(), 1, grant_id=id):
                if state.alive:
                    at.store.grants.end(id)
                    return
                raise ControlError(f"authorization {id!r} has ended already; its tokens are revoked")
        raise UnknownName("authorization", id, (each.id for each in self.find()))


def _open(at: Issuer, session: Session) -> OpenSession:
    clients = at.store.grants.clients_of_session(session.sid)
    return OpenSession(
        session.sid, at.name, session.username, session.user_agent, session.auth_time, session.expires_at, session.amr,
        clients,
    )  # fmt: skip


def _shown(at: Issuer, state: GrantState, token: RefreshToken | None) -> UserAuthorization:
    grant = state.grant
    return UserAuthorization(
        id=grant.grant_id,
        issuer=at.name,
        user=grant.username,
        client=grant.client_id,
        session=grant.sid,
        offline=grant.offline,
        ended=not state.alive,
        keep_until=state.keep_until,
        refresh_token=_refresh_state(token, state.alive, at.clock.now()) if token else None,
        scope=token.scope if token else (),
    )


def _refresh_state(token: RefreshToken, alive: bool, now: float) -> RefreshState:
    if not alive:
        return "ended"
    if token.used_at is not None:
        return "used"
    return "usable" if token.expires_at > now else "expired"

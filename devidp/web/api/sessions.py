"""Sessions of browsers, and what users have authorized."""

from __future__ import annotations

from typing import Any

from devidp.web.api.operation import Body, Nothing, Result, operation
from devidp.web.control.controller import Controller
from devidp.web.control.limits import LIMIT
from devidp.web.control.sessions import RefreshState


class WhichSessions(Body):
    """Those of `user`, of `issuer` by name or URL; all of them without either."""

    user: str | None = None
    issuer: str | None = None


class WhichAuthorizations(WhichSessions):
    """Those of `user`, of `client`, of `issuer` by name or URL; all of them without any."""

    client: str | None = None


class SessionsPage(WhichSessions):
    """Which sessions, and how many of them after the first `offset`."""

    limit: int = LIMIT
    offset: int = 0


class AuthorizationsPage(WhichAuthorizations):
    """Which authorizations, and how many of them after the first `offset`."""

    limit: int = LIMIT
    offset: int = 0


class Session(Result):
    """A browser in which a user is logged in; instants are seconds since the epoch."""

    id: str
    """The `sid` of its tokens."""
    issuer: str
    user: str
    user_agent: str
    auth_time: int
    expires_at: int
    amr: list[str]
    clients: list[str]


class Sessions(Result):
    """Sessions, the newest first; `total` counts those on other pages too."""

    sessions: list[Session]
    total: int


class Authorization(Result):
    """What a user has authorized a client to do; the `jti` of its access tokens begins with `id`."""

    id: str
    issuer: str
    user: str
    client: str
    session: str
    """Empty where there was none, or it has ended."""
    offline: bool
    ended: bool
    keep_until: int
    """When the last of its tokens expires, in seconds since the epoch."""
    refresh_token: RefreshState | None
    scope: list[str]
    """Of the refresh token."""


class Authorizations(Result):
    """Authorizations, the newest first; `total` counts those on other pages too."""

    authorizations: list[Authorization]
    total: int


class Ended(Result):
    """How many were ended."""

    ended: int


@operation(SessionsPage, Sessions)
def sessions(control: Controller, query: SessionsPage) -> Any:
    """List in which browsers users are logged in."""
    found = control.sessions.find(**query.keywords())
    return {"sessions": found, "total": control.sessions.count(query.user, issuer=query.issuer)}


@operation(Nothing, Ended)
def end_session(control: Controller, _: Nothing, id: str) -> Any:  # noqa: A002
    """Log a browser out, and tell its clients by back-channel logout."""
    control.sessions.end(id)
    return {"ended": 1}


@operation(WhichSessions, Ended)
def end_sessions(control: Controller, query: WhichSessions) -> Any:
    """Log a user out everywhere; every user without `user`."""
    return {"ended": control.sessions.end_all(**query.keywords())}


@operation(AuthorizationsPage, Authorizations)
def authorizations(control: Controller, query: AuthorizationsPage) -> Any:
    """List what users have authorized, and what has become of the refresh tokens."""
    total = control.authorizations.count(query.user, client=query.client, issuer=query.issuer)
    return {"authorizations": control.authorizations.find(**query.keywords()), "total": total}


@operation(Nothing, Ended)
def end_authorization(control: Controller, _: Nothing, id: str) -> Any:  # noqa: A002
    """Revoke every token that came of an authorization."""
    control.authorizations.end(id)
    return {"ended": 1}

"""What users have agreed to."""

from __future__ import annotations

from typing import Any

from devidp.web.api.operation import Body, Nothing, Result, operation
from devidp.web.control.controller import Controller


class WhichConsents(Body):
    """Those for `client`, at `issuer` by name or URL; all of them without either."""

    client: str | None = None
    issuer: str | None = None


class Consent(Result):
    """What a user has agreed to."""

    issuer: str
    client: str
    scopes: list[str]
    granted_at: int
    """Seconds since the epoch."""


class Consents(Result):
    """The consents of a user, newest first."""

    consents: list[Consent]


class Forgotten(Result):
    """How many were forgotten."""

    forgotten: int


@operation(Nothing, Consents)
def consents(control: Controller, _: Nothing, username: str) -> Any:
    """List what a user has agreed to, and is not asked again."""
    return {"consents": control.users[username].consents()}


@operation(WhichConsents, Forgotten)
def forget(control: Controller, query: WhichConsents, username: str) -> Any:
    """Have a user asked for consent again."""
    return {"forgotten": control.users[username].forget_consents(**query.keywords())}

"""The second factors of users: questions on their devices, and the codes of their authenticators."""

from __future__ import annotations

from typing import Any, Literal

from devidp.web.api.operation import Body, Nothing, Result, operation
from devidp.web.control.controller import Controller


class Answer(Body):
    """The answer to the questions that wait: to those of `user`, or to the one with this `id`; to all otherwise."""

    decision: Literal["approve", "deny"]
    user: str | None = None
    id: str | None = None


class Push(Result):
    """A question on the device of a user: is it you who logs in?"""

    id: str
    issuer: str
    user: str
    client: str
    sent_at: int
    """Seconds since the epoch."""


class Pushes(Result):
    """The questions that wait, oldest first."""

    pushes: list[Push]


class Decided(Result):
    """How many were answered."""

    decided: int


class Authenticator(Result):
    """What the authenticator of a user shows, and what it knows."""

    code: str
    secret: str
    """In Base32."""
    uri: str
    """For a QR code."""


@operation(Nothing, Pushes)
def waiting(control: Controller, _: Nothing) -> Any:
    """List the questions that wait on the devices of users with `mfa: push`."""
    return {"pushes": control.pushes.waiting()}


@operation(Answer, Decided)
def decide(control: Controller, body: Answer) -> Any:
    """Approve or deny them."""
    return {"decided": control.pushes.decide(body.decision, body.user, id=body.id)}


@operation(Nothing, Authenticator)
def authenticator(control: Controller, _: Nothing, username: str) -> Any:
    """Show the code of a user with `mfa: totp` (RFC 6238)."""
    return control.users[username].authenticator()

"""The simulated devices of users with ``mfa: push``: what they are asked, and their answers."""

from __future__ import annotations

from dataclasses import dataclass

from devidp.issuer.issuer import Issuer
from devidp.models import Push
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError
from devidp.web.runtime import Runtime

DECISIONS = ("approve", "deny")


@dataclass(frozen=True, slots=True)
class WaitingPush:
    """A question that nobody has answered."""

    id: str
    issuer: str
    user: str
    client: str
    sent_at: int
    """By the clock of devidp, in seconds since the epoch."""


class Pushes:
    """The questions that wait on the devices of users."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def waiting(self, user: str | None = None, *, id: str | None = None) -> list[WaitingPush]:  # noqa: A002
        """Those of ``user``, or the one with this ``id``; all of them without either. Oldest first."""
        found = [(each, push) for each in self._runtime.issuers for push in self._of(each)]
        return [
            WaitingPush(push.id, each.name, push.username, push.client_id, push.sent_at)
            for each, push in found
            if user in (None, push.username) and id in (None, push.id)
        ]

    def approve(self, user: str | None = None, *, id: str | None = None) -> int:  # noqa: A002
        """Answer them all with yes; how many there were. Raises ControlError where none waits."""
        return self.decide("approve", user, id=id)

    def deny(self, user: str | None = None, *, id: str | None = None) -> int:  # noqa: A002
        return self.decide("deny", user, id=id)

    def decide(self, decision: str, user: str | None = None, *, id: str | None = None) -> int:  # noqa: A002
        if decision not in DECISIONS:
            raise ControlError(f"decision: got {decision!r}, expected {' or '.join(DECISIONS)}")
        decided = 0
        for push in self.waiting(user, id=id):
            issuer = issuers.named(self._runtime, push.issuer)
            decided += issuer.store.pushes.decide(push.id, decision, issuer.clock.now())
        if not decided:
            whom = "" if user is None else f" for user {user!r}"
            raise ControlError(f"no push waits{whom}; one is sent when a user with 'mfa: push' logs in and needs it")
        return decided

    def _of(self, issuer: Issuer) -> tuple[Push, ...]:
        return issuer.store.pushes.waiting(issuer.clock.now())

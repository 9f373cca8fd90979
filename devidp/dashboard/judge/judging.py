"""A judgement of a client that somebody starts by hand, as the form of the page describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from devidp.dashboard.judge import fields
from devidp.dashboard.judge.runs import Run
from devidp.judge.catalogue import select
from devidp.judge.provider import Provider
from devidp.judge.run import Wish, judge
from devidp.judge.turn import End, Turn
from devidp.judge.waiting_client import WaitingClient
from devidp.report import Report, remedies
from devidp.web.api_client import ApiClient

FIELDS = fields.CLIENT


class Invited:
    """Whoever sits at the page lets a client connect, again and again."""

    keeps_address = True

    def __init__(self, run: Run) -> None:
        self._run = run
        self._waiting = WaitingClient(self._invite)
        self.name = self._waiting.name

    def _invite(self, turn: Turn) -> None:
        self._run.address = turn.url
        self._run.changed()

    def attempt(self, turn: Turn) -> End:
        """Raises Stopped."""

        def activity() -> int:
            self._run.proceed()
            return turn.activity()

        return self._waiting.attempt(replace(turn, activity=activity))


def wanted(typed: Mapping[str, str], api: ApiClient) -> Wish:
    """Raises ValueError, ControlError and ApiError for what cannot be started."""
    said = fields.values(FIELDS, typed)
    remedies.check_stack(said["stack"])
    select(said["only"], said["skip"], oidc=said["oidc"])
    Provider(api, said["issuer"] or None).user(said["user"] or None)
    same = {name: said[name] for name in ("only", "skip", "oidc", "stack")}
    return Wish(
        **same,
        user=said["user"] or None,
        issuer=said["issuer"] or None,
        seconds=said["timeout"],
        port=int(said["mcp_port"]),
    )


def carry_out(wish: Wish, run: Run, api: ApiClient) -> Report:
    """Raises ApiError, ValueError and Stopped."""
    return judge(Invited(run), api, wish, run.told, run.found)

"""Where a scenario is played: devidp, the MCP server and the foreign origin, with what is wrong and what is seen."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from flask import Flask

from devidp.judge import trap
from devidp.judge.browser import ClientBrowser
from devidp.judge.journal import Journal
from devidp.judge.manner import Manner
from devidp.judge.manners import MANNERS
from devidp.judge.observation import Observation
from devidp.judge.provider import Asked, Provider, Wrong
from devidp.judge.resource import Resource
from devidp.judge.scenarios import Scenario
from devidp.judge.turn import Client, End, Turn
from devidp.oauth import names
from devidp.system.http_server import LocalServer

HOST = "127.0.0.1"
SOUND = "sound"
"""The name of the run in which nothing is wrong."""
NO_REFRESH: tuple[str, dict[str, Any]] = (
    "failures",
    {"endpoint": "token", "failure": "error", "error": "invalid_grant", "grant": names.REFRESH_TOKEN},
)


class Stage:
    """Open in a ``with``. ``user`` logs in; an attempt may take ``seconds``; the MCP server is at ``port``, 0: any."""

    def __init__(self, provider: Provider, user: str, *, oidc: bool, seconds: float, port: int = 0) -> None:
        self._provider = provider
        self._user = user
        self._scopes = provider.scopes()
        self._oidc = oidc
        self.seconds = seconds
        self._port = port
        self._journal = Journal()
        self._opened = ExitStack()
        self._played = 0
        self._registered: set[str] = set()
        self.base = self.foreign = ""

    def __enter__(self) -> Self:
        """Raises ValueError for a port that is not free."""
        with self._opened:
            self._open()
            self._opened = self._opened.pop_all()
        return self

    def _open(self) -> None:
        # under another name and on another port: another host for whoever compares names, another origin for all
        self.foreign = f"http://localhost:{self._serve(trap.application(self._journal), 0)}"
        self.resource = Resource(self._provider.issuer, self.foreign, self._scopes, self._journal)
        self.base = f"http://{HOST}:{self._serve(self.resource.application(), self._port)}"
        browser = ClientBrowser(self._provider.base, self.foreign, self._user, self._journal)
        self.browser = self._opened.enter_context(browser)
        self._opened.callback(self._forget)

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._opened.close()

    def _serve(self, app: Flask, port: int) -> int:
        try:
            listening = self._opened.enter_context(socket.create_server((HOST, port)))
        except OSError as error:
            raise ValueError(f"got the port {port} for the MCP server, which is not free: {error.strerror}") from error
        self._opened.callback(LocalServer(listening, app).stop)
        return int(listening.getsockname()[1])

    @property
    def url(self) -> str:
        """What a client is pointed at that stays as it is while the scenarios change."""
        return self._provider.issuer if self._oidc else f"{self.base}/mcp"

    def cannot_play(self, scenario: Scenario) -> str:
        """Why it cannot be played with this issuer; empty where it can."""
        needed = MANNERS.get(scenario.manner, Manner).asks_for
        return "" if needed <= len(self._scopes) else f"the issuer has {len(self._scopes)} scopes; {needed} are needed"

    def play(self, scenario: Scenario | None, client: Client) -> Observation:
        """Let ``client`` begin anew while what ``scenario`` says is wrong; ``None``: nothing is."""
        self.resource.begin(MANNERS.get(scenario.manner, Manner)() if scenario else Manner())
        self.browser.begin(deny=scenario is not None and scenario.denied)
        self._journal.take()
        self._provider.read()
        with self._provider.wrong(_entries(scenario, client)) as scripted:
            url = self.url if client.keeps_address or self._port else self._new_url()
            name = scenario.name if scenario else SOUND
            turn = Turn(name, url, self._provider.issuer, self.browser, self.seconds, self._activity)
            try:
                end = client.attempt(turn)
            finally:
                asked = tuple(self._provider.read())
                self._registered |= {each.client for each in asked if each.place == "register" and each.status == 201}
        if not client.keeps_address:
            self._forget()
        seen = self._observe(end, asked)
        return replace(seen, happened=self._happened(scenario, scripted, seen))

    def _forget(self) -> None:
        """Delete the clients that registered here."""
        registered, self._registered = self._registered, set[str]()
        self._provider.forget(registered)

    def _activity(self) -> int:
        return len(self._journal) + self._provider.count()

    def _new_url(self) -> str:
        """A resource of its own for each attempt: what a client keeps of another does not help it here."""
        self._played += 1
        return self._provider.issuer if self._oidc else f"{self.base}/{self._played}/mcp"

    def _happened(self, scenario: Scenario | None, scripted: Sequence[Wrong], seen: Observation) -> bool:
        if scenario is None:
            return False
        if scenario.denied:
            return seen.logins > 0
        return scripted[-1].happened > 0 if scenario.entries else self.resource.manner.met

    def _observe(self, end: End, asked: tuple[Asked, ...]) -> Observation:
        visits, knows = self._journal.take(), self.browser.knows
        opened = tuple(each.url for each in visits if each.place == "browser" and not knows(each.url))
        return Observation(asked, visits, end, self.resource.admitted, False, opened, self.browser.problem)


def _entries(scenario: Scenario | None, client: Client) -> list[tuple[str, dict[str, Any]]]:
    """What is wrong, the last of it what the client is to meet."""
    if scenario is None:
        return []
    wanted = [(kind, dict(members)) for kind, members in scenario.entries]
    # who keeps its tokens has to come by way of the login
    return wanted if scenario.comes_with or not client.keeps_address else [NO_REFRESH, *wanted]

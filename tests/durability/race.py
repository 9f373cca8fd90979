"""One thing that may be used once, presented by many requests at once over two workers."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing

from tests.durability.client import Client, Told

RUNNERS = 32
Ask = Callable[[Client], str]


class Racers:
    """Connections that are open already, spread over the workers."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self.first = stack.enter_context(closing(Client(url)))
        self._clients = [stack.enter_context(closing(Client(url))) for _ in range(RUNNERS)]
        for client in self._clients:
            client.ask("GET", "/.well-known/jwks.json")

    def race(self, ask: Ask) -> Counter[str]:
        """How often each answer came."""
        barrier, came = threading.Barrier(RUNNERS), Counter[str]()
        guard = threading.Lock()

        def run(client: Client) -> None:
            barrier.wait()
            said = ask(client)
            with guard:
                came[said] += 1

        threads = [threading.Thread(target=run, args=(client,)) for client in self._clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return came


def _said(answer: tuple[int, dict[str, str]]) -> str:
    status, body = answer
    return "won" if status == 200 else body["error"]


def code(racers: Racers, told: Told) -> Counter[str]:
    issued = racers.first.authorize(told)
    return racers.race(lambda client: _said(client.exchange(told, issued)))


def refresh_token(racers: Racers, told: Told) -> Counter[str]:
    issued = racers.first.exchange(told, racers.first.authorize(told))[1]["refresh_token"]
    return racers.race(lambda client: _said(client.refresh(told, issued)))


def registration(racers: Racers, told: Told) -> Counter[str]:
    """The registration access token is rotated by each change (RFC 7592 section 2.2)."""

    def change(client: Client) -> str:
        wanted = {**told.metadata, "client_name": "raced"}
        status, _, content = client.ask(
            "PUT", told.path, json.dumps(wanted).encode(), "application/json", told.access_token
        )
        return "won" if status == 200 else str(json.loads(content)["error"])

    return racers.race(change)


RACES: dict[str, tuple[Callable[[Racers, Told], Counter[str]], str]] = {
    "code": (code, "invalid_grant"),
    "refresh token": (refresh_token, "invalid_grant"),
    "registration access token": (registration, "invalid_token"),
}
"""Each race, and the error of those who lose."""


def run(url: str, name: str, rounds: int) -> list[str]:
    """What went wrong in so many rounds."""
    function, error = RACES[name]
    with ExitStack() as stack:
        racers = Racers(url, stack)
        return [
            f"{name}: {dict(came)}"
            for came in (function(racers, racers.first.register()) for _ in range(rounds))
            if came != {"won": 1, error: RUNNERS - 1}
        ]

"""One thing that may be used once, presented by many requests at once over two workers or three replicas."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.durability.client import DEVICE_CODE, Client, Told
from tests.durability.kill import free_port, served

RUNNERS = 32
SEED = """
issuers:
  default:
  graceful: {refresh_grace: 1m}
scopes: {openid: {}, "mcp:read": {}}
resources: {"http://localhost:8000/mcp": {}}
users: {alice: {password: alice}}
"""
Ask = Callable[[Client], str]
Answers = Counter[str]


class Racers:
    """Connections that are open already, spread over the workers, or the replicas at ``ports``."""

    def __init__(self, url: str, stack: ExitStack, *ports: int) -> None:
        self.first = stack.enter_context(closing(Client(url, *ports)))
        spread = [ports[number % len(ports) :][:1] if ports else () for number in range(RUNNERS)]
        self._clients = [stack.enter_context(closing(Client(url, *port))) for port in spread]
        for client in self._clients:
            client.ask("GET", "/.well-known/jwks.json")

    def race(self, ask: Ask) -> Answers:
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


def code(racers: Racers, told: Told) -> Answers:
    issued = racers.first.authorize(told)
    return racers.race(lambda client: _said(client.exchange(told, issued)))


def refresh_token(racers: Racers, told: Told) -> Answers:
    issued = racers.first.exchange(told, racers.first.authorize(told))[1]["refresh_token"]
    return racers.race(lambda client: _said(client.refresh(told, issued)))


def successor(racers: Racers, told: Told) -> Answers:
    """Within the grace window all get a token, and it is the same."""
    issued = racers.first.exchange(told, racers.first.authorize(told))[1]["refresh_token"]
    return racers.race(lambda client: str(client.refresh(told, issued)[1].get("refresh_token")))


def device_code(racers: Racers, told: Told) -> Answers:
    issued = racers.first.allowed_device(told)
    return racers.race(lambda client: _said(client.poll(told, issued)))


def registration(racers: Racers, told: Told) -> Answers:
    """The registration access token is rotated by each change (RFC 7592 section 2.2)."""

    told.metadata["client_name"] = "raced"
    return racers.race(lambda client: _said(client.update(told, told.access_token)))


@dataclass(frozen=True, slots=True)
class Race:
    """``error`` is what those who lose are told; ``None``: nobody loses, and all get the same."""

    run: Callable[[Racers, Told], Answers]
    error: str | None
    issuer: str = "default"

    def fair(self, came: Answers) -> bool:
        if self.error is None:
            return len(came) == 1 and "None" not in came
        return came == {"won": 1, self.error: RUNNERS - 1}


RACES = {
    "code": Race(code, "invalid_grant"),
    "refresh token": Race(refresh_token, "invalid_grant"),
    "refresh token within its grace": Race(successor, None, "graceful"),
    "device code": Race(device_code, "invalid_grant"),
    "registration access token": Race(registration, "invalid_token"),
}


@contextmanager
def course(home: Path) -> Iterator[str]:
    """The base URL of a devidp with two workers, whose issuers have every grant."""
    (home / "seed.yaml").write_text(SEED)
    with served(home, free_port(), "--seed", str(home / "seed.yaml")) as (_, url):
        yield url.removesuffix("/default")


def run(base: str, name: str, rounds: int, *ports: int) -> list[str]:
    """What went wrong in so many rounds."""
    race = RACES[name]
    with ExitStack() as stack:
        racers = Racers(f"{base}/{race.issuer}", stack, *ports)
        rounds_run = (race.run(racers, racers.first.register(DEVICE_CODE)) for _ in range(rounds))
        return [f"{name}: {dict(came)}" for came in rounds_run if not race.fair(came)]

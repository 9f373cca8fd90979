"""Replicas of one devidp: programs of their own with one PostgreSQL between them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.cli.running import DEADLINE, Running
from tests.durability.client import Client
from tests.durability.kill import free_port

SECRET = "the same for all of them, and nobody guesses it"
NUMBER = 3


class Replicas:
    """Started at the same moment; ``base`` is what their clients call, and ``ports`` are where they answer."""

    def __init__(
        self, home: Path, database: str, seed: Path, base: str = "http://idp.test:6749", **variables: str
    ) -> None:
        self.base, self.ports = base, [free_port() for _ in range(NUMBER)]
        self.database = database
        self._home = home
        self._variables: dict[str, Any] = {"DEVIDP_SECRET": SECRET, **variables}
        self._flags = ("--database", database, "--public-url", base, "--seed", str(seed))
        self.running = [self._started(port) for port in self.ports]
        for replica in self.running:
            replica.issuer()

    def _started(self, port: int) -> Running:
        return Running(self._home, "serve", "--port", str(port), *self._flags, **self._variables)

    def replace(self, number: int) -> None:
        """Another one in place of one that has ended."""
        self.running[number].kill()
        self.running[number] = self._started(self.ports[number])
        self.running[number].issuer()

    def client(self) -> Client:
        """One whose requests go round."""
        return Client(f"{self.base}/default", *self.ports)

    def control(self, number: int, method: str, path: str, **members: Any) -> Any:
        """What one of them answers at its control API."""
        body = None if method == "GET" else json.dumps(members)
        with closing(http.client.HTTPConnection("127.0.0.1", self.ports[number], timeout=DEADLINE)) as connection:
            headers = {} if body is None else {"Content-Type": "application/json"}
            connection.request(method, f"/_devidp/api{path}", body, headers)
            response = connection.getresponse()
            text = response.read()
        assert response.status < 300, (response.status, text)
        return json.loads(text or b"null")

    def kill(self) -> None:
        for replica in self.running:
            replica.kill()


@contextmanager
def replicas(home: Path, database: str, seed: Path, **more: str) -> Iterator[Replicas]:
    """Three, for as long as the context lasts."""
    found = Replicas(home, database, seed, **more)
    try:
        yield found
    finally:
        found.kill()

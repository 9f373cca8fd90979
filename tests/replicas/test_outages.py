"""Replicas and their PostgreSQL come and go: what was acknowledged stays, and nobody has to be told."""

from __future__ import annotations

import errno
import http.client
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from devidp.system.clock import pause
from tests import postgres
from tests.cli.running import DEADLINE, Running, fetch, run
from tests.durability.client import Client, Told
from tests.durability.kill import free_port
from tests.replicas.replicas import NUMBER, SECRET, Replicas, replicas

pytestmark = pytest.mark.slow
READY = "/health/ready"
WITHOUT = ("/health", "/_devidp/stream", "/default/.well-known/openid-configuration", "/default/.well-known/jwks.json")
"""What is answered without the database."""


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    """One that may crash: no other test has it."""
    with postgres.running() as server:
        yield server


@pytest.fixture
def three(tmp_path: Path, seed: Path, server: postgres.Server) -> Iterator[Replicas]:
    with replicas(tmp_path, server.new_database(), seed) as found:
        yield found


class Patient(Client):
    """One to whom a status such as 503 is an answer."""

    highest = 599


def tokens(client: Client) -> tuple[Told, str]:
    """A refresh token, and whose; every replica has read the keys."""
    told = client.register()
    status, body = client.exchange(told, client.authorize(told))
    assert status == 200, body
    for _ in range(NUMBER):
        assert client.ask("GET", "/.well-known/jwks.json")[0] == 200
    return told, str(body["refresh_token"])


def test_a_rolling_restart_keeps_sessions_and_refresh_tokens(three: Replicas) -> None:
    with closing(three.client()) as client:
        told, refresh_token = tokens(client)
    for number, sent in enumerate((signal.SIGKILL, signal.SIGTERM, signal.SIGKILL)):
        three.running[number].end_group(sent)
        three.replace(number)
        with closing(three.client()) as again:
            again.take_cookies(client)
            status, _headers, page = again.ask("GET", f"/authorize?{again.query(told)}")
            assert (status, b"password" in page) == (303, False), "nobody is asked to log in"
            status, body = again.refresh(told, refresh_token)
            assert status == 200, body
            refresh_token = body["refresh_token"]


def connected(port: int) -> int:
    """The error number, 0 for a connection."""
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port))


def test_a_replica_of_two_workers_that_is_to_end_takes_no_connection_that_nobody_answers(
    tmp_path: Path, server: postgres.Server
) -> None:
    flags = ("--workers", "2", "--database", server.new_database(), "--public-url", "http://idp.test:6749")
    port = free_port()
    replica = Running(tmp_path, "serve", "--port", str(port), *flags, DEVIDP_SECRET=SECRET)
    try:
        replica.issuer()
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)) as busy:
            busy.putrequest("POST", "/default/token")
            busy.putheader("Content-Type", "application/x-www-form-urlencoded")
            busy.putheader("Content-Length", "23")
            busy.endheaders(b"grant_type=")
            replica.process.send_signal(signal.SIGTERM)
            while connected(port) != errno.ECONNREFUSED:
                pause(0.01)
            busy.send(b"xxxxxxxxxxxx")
            assert busy.getresponse().status == 400, "what it was asked before is answered"
        assert replica.process.wait(DEADLINE) == 0
    finally:
        replica.kill()


def status(port: int, path: str) -> int:
    return fetch(f"http://127.0.0.1:{port}", path)[0]


def statuses(three: Replicas, path: str) -> set[int]:
    return {status(port, path) for port in three.ports}


def registrations(three: Replicas) -> list[tuple[int, str | None]]:
    """At once, at each of them."""
    with ThreadPoolExecutor(NUMBER) as pool:
        return list(pool.map(retry_after, three.ports))


def expect_well_again(three: Replicas) -> None:
    deadline, pause = time.monotonic() + DEADLINE, threading.Event()
    while registrations(three) != [(201, None)] * NUMBER:
        assert time.monotonic() < deadline
        pause.wait(0.05)
    assert statuses(three, READY) == {200}


def retry_after(port: int) -> tuple[int, str | None]:
    """What a registration is told."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)) as connection:
        body = b'{"redirect_uris": ["http://localhost:1/"]}'
        connection.request("POST", "/default/register", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers["Retry-After"]


def test_a_database_that_is_away_is_503_and_then_well_again(
    three: Replicas, server: postgres.Server, tmp_path: Path
) -> None:
    with closing(Patient(f"{three.base}/default", *three.ports)) as client:
        told, before = tokens(client)
        status, body = client.refresh(told, before)
        assert status == 200, body
        server.crash()
        try:
            assert registrations(three) == [(503, "5")] * NUMBER
            assert [statuses(three, path) for path in WITHOUT] == [{200}] * len(WITHOUT)
            assert statuses(three, READY) == {503}
            url = f"http://127.0.0.1:{three.ports[0]}"
            assert [run(tmp_path, "health", "--url", url, *flags).returncode for flags in ((), ("--ready",))] == [0, 1]
            client.close()  # its connections have been idle
            assert client.refresh(told, body["refresh_token"])[0] == 503
        finally:
            server.start()
        expect_well_again(three)
        status, newest = client.refresh(told, body["refresh_token"])
        assert status == 200, "the rotation that was acknowledged before the crash is there"
        status, _ = client.refresh(told, before)
        assert status == 400, "and what was used is used"
        assert newest["refresh_token"] != body["refresh_token"]


def test_a_database_that_says_nothing_is_503_too(three: Replicas, server: postgres.Server) -> None:
    with closing(Patient(f"{three.base}/default", *three.ports)) as client:
        told, refresh_token = tokens(client)
        with server.silent():
            assert registrations(three) == [(503, "5")] * NUMBER
            assert [statuses(three, path) for path in WITHOUT] == [{200}] * len(WITHOUT)
            assert statuses(three, READY) == {503}
        expect_well_again(three)
        client.close()
        assert client.refresh(told, refresh_token)[0] == 200
        asked = [event["endpoint"] for event in three.control(0, "GET", "/events")["events"]]
        assert ("token" in asked, "health" in asked) == (True, False)

"""Replicas behind a load balancer that knows nothing of sessions: they come and go, and clients go on."""

from __future__ import annotations

import http.client
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from devidp.system.clock import pause
from tests.cli.running import DEADLINE
from tests.durability.client import Client
from tests.durability.crowd import CLIENTS, Crowd, forgotten
from tests.replicas.balancer import wait_for_all
from tests.replicas.kill import Balanced, Ground, ground
from tests.replicas.replicas import NUMBER

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("home")) as found:
        yield found


def wait_for_more(crowd: Crowd) -> None:
    """Until somebody who began later was told something."""
    crowd.wait_for(len(crowd.told) + CLIENTS)


def test_a_rolling_restart_under_load_fails_no_request_that_was_taken(found: Ground) -> None:
    crowd = Crowd(found.url, client=Balanced)
    crowd.start()
    try:
        for number in range(NUMBER):
            wait_for_more(crowd)
            assert found.three.running[number].end(signal.SIGTERM) == 0
            found.three.replace(number)
            wait_for_all(found.port)
        wait_for_more(crowd)
    finally:
        crowd.stop()
    assert crowd.surprises == []
    assert crowd.lost <= NUMBER, "a connection that nobody has accepted yet is closed with the socket"
    assert forgotten(found.url, crowd.told[-CLIENTS:]) == []


def test_a_replica_that_is_to_end_answers_what_it_was_asked_and_ends_its_streams(found: Ground) -> None:
    three, slow = found.three, 0
    three.control(slow, "POST", "/failures", endpoint="jwks", failure="slow", seconds=2)
    with (
        closing(http.client.HTTPConnection("127.0.0.1", three.ports[slow], timeout=DEADLINE)) as connection,
        closing(Client(found.url, three.ports[slow])) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        connection.request("GET", "/_devidp/api/events/stream")
        stream = connection.getresponse()
        answer = pool.submit(client.ask, "GET", "/.well-known/jwks.json")
        while not three.control(slow, "GET", "/failures")["spent"]:
            pause(0.1)
        assert three.running[slow].end(signal.SIGTERM) == 0
        assert answer.result()[0] == 200, "longer than devidp waits on a laptop"
        assert stream.read().startswith(b"retry"), "and its end, or this raises"
    three.replace(slow)


def test_a_replica_that_is_killed_takes_only_the_requests_that_it_was_answering(found: Ground) -> None:
    crowd = Crowd(found.url, client=Balanced, lasting=True)
    crowd.start()
    try:
        wait_for_more(crowd)
        found.three.running[0].end_group(signal.SIGKILL)
        wait_for_more(crowd)
    finally:
        crowd.stop()
    assert crowd.surprises == []
    assert crowd.lost <= CLIENTS, "each client has one request at a time"
    with closing(Balanced(found.url)) as client:
        for _ in range(2 * NUMBER):
            assert client.knows(crowd.told[0])
    found.three.running[1].end_group(signal.SIGKILL)
    with closing(Balanced(found.url)) as client:
        for _ in range(2 * NUMBER):
            assert client.knows(crowd.told[0]), "it was answering nothing"
    for number in (0, 1):
        found.three.replace(number)
    assert forgotten(found.url, crowd.told) == []

"""Three replicas on one PostgreSQL: what one is told, all know before the call returns."""

from __future__ import annotations

import http.client
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from devidp.store import postgres
from devidp.store.store import purge
from devidp.system.clock import machine_seconds
from tests.cli.running import DEADLINE
from tests.durability import race
from tests.durability.client import DEVICE_CODE, Client, Told
from tests.flow import answer
from tests.replicas.replicas import NUMBER, Replicas

pytestmark = pytest.mark.slow
EVERY = range(NUMBER)


@pytest.fixture
def replicas(three: Replicas) -> Iterator[Replicas]:
    yield three
    three.control(0, "POST", "/reset")


@pytest.fixture
def client(replicas: Replicas) -> Iterator[Client]:
    """Whose requests go round."""
    with closing(replicas.client()) as client:
        yield client


def at(replicas: Replicas, number: int) -> Client:
    """A client of one replica alone."""
    return Client(f"{replicas.base}/default", replicas.ports[number])


def key_ids(replicas: Replicas, number: int) -> set[str]:
    with closing(at(replicas, number)) as client:
        status, _headers, document = client.ask("GET", "/.well-known/jwks.json")
    assert status == 200
    return {key["kid"] for key in json.loads(document)["keys"]}


def logged_in(client: Client) -> tuple[Told, dict[str, Any]]:
    told = client.register(DEVICE_CODE)
    status, tokens = client.exchange(told, client.authorize(told))
    assert status == 200, tokens
    return told, tokens


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process choose its processor")
def test_replicas_of_one_machine_do_not_choose_the_same_processor(three: Replicas) -> None:
    everywhere = os.sched_getaffinity(0)
    for replica in three.running:
        assert [os.sched_getaffinity(worker.pid) for worker in replica.workers()] == [everywhere]


def test_three_that_begin_on_an_empty_database_make_one_key(three: Replicas) -> None:
    with ThreadPoolExecutor(NUMBER) as pool:
        sets = list(pool.map(lambda number: key_ids(three, number), EVERY))
    assert len(sets[0]) == 1
    assert sets == [sets[0]] * NUMBER


def test_each_request_of_a_flow_may_be_answered_by_another(client: Client) -> None:
    told, tokens = logged_in(client)
    status, newer = client.refresh(told, tokens["refresh_token"])
    assert status == 200, newer
    assert client.is_active(told, newer["access_token"])
    client.revoke(told, newer["access_token"])
    assert [client.is_active(told, newer["access_token"]) for _ in EVERY] == [False] * NUMBER
    device_code = client.allowed_device(told)
    assert client.poll(told, device_code)[0] == 200


def test_the_clock_and_a_reset_are_those_of_all(replicas: Replicas, client: Client) -> None:
    told, tokens = logged_in(client)
    replicas.control(0, "POST", "/clock", advance="2h")
    assert [client.is_active(told, tokens["access_token"]) for _ in EVERY] == [False] * NUMBER
    replicas.control(1, "POST", "/clock", action="reset")
    assert [client.is_active(told, tokens["access_token"]) for _ in EVERY] == [True] * NUMBER
    replicas.control(2, "POST", "/reset")
    assert [client.knows(told) for _ in EVERY] == [False] * NUMBER


def test_a_rotated_key_is_the_one_of_all(replicas: Replicas) -> None:
    before = key_ids(replicas, 0)
    replicas.control(1, "POST", "/keys", action="rotate", overlap=False)
    after = [key_ids(replicas, number) for number in EVERY]
    assert after == [after[0]] * NUMBER
    assert not before & after[0]


def test_users_and_sessions_are_those_of_all(replicas: Replicas, client: Client) -> None:
    replicas.control(0, "POST", "/users", username="carol", password="carol")
    told = client.register()
    tokens = client.exchange(told, client.authorize(told, "carol", "carol"))[1]
    found = [replicas.control(number, "GET", "/sessions?user=carol")["sessions"] for number in EVERY]
    assert len(found[0]) == 1
    assert found == [found[0]] * NUMBER
    replicas.control(1, "POST", "/users/carol/revoke")
    assert [client.is_active(told, tokens["access_token"]) for _ in EVERY] == [False] * NUMBER
    assert replicas.control(2, "GET", "/sessions?user=carol")["sessions"] == []


def test_what_is_armed_five_times_happens_five_times_in_all(replicas: Replicas) -> None:
    replicas.control(0, "POST", "/failures", endpoint="jwks", failure="status", status=418, times=5)

    def status(number: int) -> int:
        with closing(at(replicas, number % NUMBER)) as client:
            return client.ask("GET", "/.well-known/jwks.json")[0]

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(status, range(24))) == [200] * 19 + [418] * 5


def test_an_armed_fault_meets_whoever_issues_next(replicas: Replicas, client: Client) -> None:
    told, tokens = logged_in(client)
    replicas.control(0, "POST", "/arm", fault="expired", times=2)
    active = []
    for _ in range(4):
        tokens = client.refresh(told, tokens["refresh_token"])[1]
        active.append(client.is_active(told, tokens["access_token"]))
    assert active == [False, False, True, True]


def test_a_public_url_that_was_set_is_that_of_all(replicas: Replicas) -> None:
    url = "http://moved.test:6749"
    replicas.control(1, "POST", "/public-url", url=url)
    issuers = []
    for number in EVERY:
        with closing(Client(f"{url}/default", replicas.ports[number])) as client:
            issuers.append(json.loads(client.ask("GET", "/.well-known/openid-configuration")[2])["issuer"])
    assert issuers == [f"{url}/default"] * NUMBER


def test_a_pushed_request_is_used_once_wherever_it_came_in(client: Client) -> None:
    told, _ = logged_in(client)
    request = dict(parse_qsl(client.query(told)), client_secret=told.secret)
    status, pushed = client.json("/par", **request)
    assert status == 201, pushed
    reference = urlencode({"client_id": told.client_id, "request_uri": pushed["request_uri"]})
    said = [answer(client.ask("GET", f"/authorize?{reference}")[1]["location"]) for _ in EVERY]
    assert ["code" in each for each in said] == [True, False, False], said


def test_an_armed_fault_that_many_ask_for_at_once_happens_five_times_in_all(replicas: Replicas, client: Client) -> None:
    told = client.register("client_credentials")
    replicas.control(0, "POST", "/arm", fault="expired", times=5)

    def token(number: int) -> str:
        with closing(at(replicas, number % NUMBER)) as one:
            status, body = one.client_token(told)
        assert status == 200, body
        return str(body["access_token"])

    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(token, range(24)))
    assert sorted(client.is_active(told, token) for token in tokens) == [False] * 5 + [True] * 19


def test_housekeeping_of_all_at_once_deletes_what_has_expired_and_no_more(replicas: Replicas, client: Client) -> None:
    told, tokens = logged_in(client)
    for _ in range(20):
        client.authorize(told)  # a code that nobody redeems
    replicas.control(0, "POST", "/clock", advance="1h")
    now = int(machine_seconds()) + 3600
    with ThreadPoolExecutor(NUMBER) as pool:
        purges = [pool.submit(purge_alone, replicas.database, now) for _ in EVERY]
        for _ in range(10):
            status, tokens = client.refresh(told, tokens["refresh_token"])
            assert status == 200, tokens
        assert sum(each.result() for each in purges) >= 20
    assert purge_alone(replicas.database, now) == 0
    assert client.is_active(told, tokens["access_token"])
    assert client.authorize(told), "nobody is asked to log in"


def purge_alone(url: str, now: int) -> int:
    """What the housekeeping of one replica deletes."""
    with closing(postgres.open_database(url)) as database:
        return purge(database, now, now)


def test_an_event_is_there_for_whoever_asks_any(replicas: Replicas, client: Client) -> None:
    told, _ = logged_in(client)
    found = [replicas.control(number, "GET", f"/events?client={told.client_id}")["events"] for number in EVERY]
    assert [event["endpoint"] for event in found[0]][-1] == "token"
    assert found == [found[0]] * NUMBER


def test_a_stream_has_the_events_of_the_others(replicas: Replicas) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", replicas.ports[0], timeout=DEADLINE)
    with closing(connection):
        connection.request("GET", "/_devidp/api/events/stream?endpoint=jwks")
        stream = connection.getresponse()
        assert stream.readline().startswith(b"retry")
        assert key_ids(replicas, 2)
        while not (line := stream.readline()).startswith(b"data"):
            assert line
        assert json.loads(line.partition(b":")[2])["endpoint"] == "jwks"


@pytest.mark.parametrize("name", race.RACES)
def test_exactly_one_of_many_requests_to_three_replicas_wins(replicas: Replicas, name: str) -> None:
    assert race.run(replicas.base, name, 3, *replicas.ports) == []

"""How often a request waits for PostgreSQL: over a network each wait costs more than all that is computed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest
from flask import Flask

from bench.replicas import HEADER
from bench.replicas import OPERATIONS as BENCHMARK
from devidp.app import create_app
from devidp.models.config import Config
from tests.flow import Flow
from tests.postgres import Server
from tests.replicas.round_trips import Counter, counting

PAGE = Path(__file__).parents[2] / "docs" / "replicas.md"
READY = 6
"""So often is each done before: psycopg prepares a statement when it is used for the fifth time."""


@pytest.fixture(scope="module")
def wire(postgres_server: Server) -> Iterator[Counter]:
    with counting(postgres_server.port) as wire:
        yield wire


@pytest.fixture(scope="module")
def replica(postgres_server: Server, wire: Counter) -> Iterator[Flask]:
    url = postgres_server.new_database().replace(str(postgres_server.port), str(wire.port))
    app = create_app(Config("http://localhost:6749", database=url, secret="s" * 40))
    yield app
    app.extensions["devidp"].close()


def discovery(flow: Flow) -> Iterator[object]:
    return (flow.metadata() for _ in repeat(None))


def client_credentials(flow: Flow) -> Iterator[object]:
    return (flow.token("service", grant_type="client_credentials") for _ in repeat(None))


def login_and_consent(flow: Flow) -> Iterator[object]:
    return (flow.other_browser().redirect(prompt="consent") for _ in repeat(None))


def code_exchange(flow: Flow) -> Iterator[object]:
    codes = [flow.redirect()["code"] for _ in range(READY + 1)]
    return (flow.exchange(code) for code in codes)


def refresh(flow: Flow) -> Iterator[object]:
    token = flow.tokens()["refresh_token"]
    while True:
        token = flow.refresh(token).get_json()["refresh_token"]
        yield token


def introspection(flow: Flow) -> Iterator[object]:
    token = flow.tokens()["access_token"]
    return (flow.introspect(token) for _ in repeat(None))


def userinfo(flow: Flow) -> Iterator[object]:
    token = flow.tokens()["access_token"]
    return (flow.userinfo(token) for _ in repeat(None))


def revocation(flow: Flow) -> Iterator[object]:
    tokens = [flow.tokens()["access_token"] for _ in range(READY + 1)]
    return (flow.revoke(token) for token in tokens)


def registration(flow: Flow) -> Iterator[object]:
    return (flow.registered() for _ in repeat(None))


def pushed_request(flow: Flow) -> Iterator[object]:
    return (flow.push() for _ in repeat(None))


OPERATIONS = {
    "discovery": discovery,
    "token by client credentials": client_credentials,
    "introspection": introspection,
    "UserInfo": userinfo,
    "login and consent, up to the code": login_and_consent,
    "exchange of the code": code_exchange,
    "rotation of a refresh token": refresh,
    "revocation of an access token": revocation,
    "registration of a client": registration,
    "pushed authorization request": pushed_request,
}


def table(header: str) -> dict[str, list[str]]:
    """The rows of the table of docs/replicas.md with that header, by their first cell."""
    _, _, below = PAGE.read_text(encoding="utf-8").partition(f"{header}\n")
    lines = below.partition("\n\n")[0].splitlines()[1:]
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return {name: values for name, *values in cells}


COSTS = {
    name: tuple(map(int, values))
    for name, values in table("| request | round trips | of them with the lock | waits for the disk |").items()
}


def test_every_operation_has_its_row() -> None:
    assert list(COSTS) == list(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_request_waits_as_often_as_documented(replica: Flask, wire: Counter, name: str) -> None:
    steps = OPERATIONS[name](Flow(replica))
    for _ in range(READY):
        next(steps)
    wire.asked.clear()
    next(steps)
    assert wire.cost() == COSTS[name]


def test_the_documented_bounds_are_those_of_the_formula() -> None:
    flow = [
        sum(pair)
        for pair in zip(COSTS["login and consent, up to the code"], COSTS["exchange of the code"], strict=True)
    ]
    kinds = flow, COSTS["rotation of a refresh token"], COSTS["registration of a client"]
    rows = table("| where | r | f | code flows a second | rotations a second | registrations a second |")
    assert rows
    for trip, flush, *bounds in rows.values():
        r, f = (float(each.removesuffix(" ms")) / 1000 for each in (trip, flush))
        assert [int(each) for each in bounds] == [round(1 / (held * r + waits * f)) for _, held, waits in kinds]


def test_the_measured_figures_are_those_that_the_benchmark_prints() -> None:
    """Not their values, which are those of one machine."""
    rows = table(HEADER.strip().splitlines()[0])
    assert list(rows) == list(BENCHMARK)
    assert all(float(value) > 0 for values in rows.values() for value in values)

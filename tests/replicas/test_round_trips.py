"""How often a request waits for PostgreSQL: over a network each wait costs more than all that is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import repeat

import pytest
from flask import Flask

from devidp.app import create_app
from devidp.models.config import Config
from tests.flow import Flow
from tests.postgres import Server
from tests.replicas.round_trips import Counter, counting

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


@pytest.mark.parametrize(
    ("operation", "trips"),
    [
        (discovery, 2),
        (client_credentials, 2),
        (login_and_consent, 16),
        (code_exchange, 8),
        (refresh, 8),
        (introspection, 5),
        (userinfo, 4),
        (revocation, 4),
        (registration, 3),
        (pushed_request, 4),
    ],
)
def test_round_trips_of(
    replica: Flask, wire: Counter, operation: Callable[[Flow], Iterator[object]], trips: int
) -> None:
    steps = operation(Flow(replica))
    for _ in range(READY):
        next(steps)
    before = wire.trips
    next(steps)
    assert wire.trips - before == trips

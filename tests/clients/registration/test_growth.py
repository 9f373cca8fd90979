"""Registrations that nobody uses do not pile up; those that are used stay."""

from __future__ import annotations

from devidp.store.clients import MAX_UNUSED, MAX_USED
from devidp.system.clock import Clock
from tests.flow import Flow
from tests.real_clients.passing import passing_time
from tests.shipped import Start

URI = "http://localhost:5555/callback"
DAY = 86400
BOTH = ["authorization_code", "refresh_token"]


def test_a_registration_that_was_never_used_ends(flow: Flow, clock: Clock) -> None:
    name = flow.register(redirect_uris=[URI]).get_json()["client_id"]
    clock.advance(29 * DAY)
    flow.runtime.purge()
    assert flow.authorize(client_id=name).status_code == 200
    clock.advance(2 * DAY)
    flow.runtime.purge()
    assert flow.authorize(client_id=name).status_code == 400


def test_a_registration_that_was_used_stays(flow: Flow, clock: Clock) -> None:
    name = flow.register(redirect_uris=[URI]).get_json()["client_id"]
    flow.tokens(client=name)
    clock.advance(400 * DAY)
    flow.runtime.purge()
    assert flow.authorize(client_id=name).status_code == 200


def test_the_seed_says_how_long_an_unused_registration_is_kept(start: Start, clock: Clock) -> None:
    flow = start({"registration": {"unused_lifetime": "1h"}})
    name = flow.register(redirect_uris=[URI]).get_json()["client_id"]
    clock.advance(3600 + 601)
    flow.runtime.purge()
    assert flow.authorize(client_id=name).status_code == 400


def copy(flow: Flow, name: str, count: int) -> None:
    """As many more registrations like this one."""
    with flow.runtime.database.transaction() as transaction:
        transaction.execute(
            "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)"
            " INSERT INTO clients (issuer, client_id, record, created_at, secret_generation, purge_at)"
            " SELECT issuer, 'copy' || n, record, created_at + 1, 0, purge_at FROM clients, number WHERE client_id = ?",
            (count, name),
        )


def test_of_too_many_unused_registrations_the_oldest_end(flow: Flow, clock: Clock) -> None:
    names = []
    for _ in range(3):
        names.append(flow.register(redirect_uris=[URI]).get_json()["client_id"])
        clock.advance(1)
    flow.tokens(client=names[0])
    copy(flow, names[2], MAX_UNUSED - 1)
    assert flow.runtime.purge() == 1
    assert flow.issuer.client(names[0]) is not None
    assert flow.issuer.client(names[1]) is None
    assert flow.issuer.client(names[2]) is not None


def test_of_too_many_used_registrations_the_oldest_end_of_which_nothing_lives(flow: Flow) -> None:
    idle, alive = (flow.register(redirect_uris=[URI], grant_types=BOTH).get_json()["client_id"] for _ in range(2))
    with passing_time() as pass_time:
        flow.tokens(client=idle)
        pass_time(20 * DAY)
        flow.tokens(client=alive)
        copy(flow, idle, MAX_USED)
        flow.runtime.purge()
        assert flow.issuer.client(idle) is not None
        pass_time(20 * DAY)
        assert flow.issuer.store.consents.find(idle, "alice")
        flow.runtime.purge()
    assert flow.issuer.client(idle) is None
    assert flow.issuer.client(alive) is not None
    assert not flow.issuer.store.consents.find(idle, "alice")


def test_consents_end_with_the_registration(flow: Flow, clock: Clock) -> None:
    name = flow.register(redirect_uris=[URI]).get_json()["client_id"]
    flow.redirect(client_id=name)
    assert flow.issuer.store.consents.find(name, "alice")
    clock.advance(31 * DAY)
    flow.runtime.purge()
    assert not flow.issuer.store.consents.find(name, "alice")

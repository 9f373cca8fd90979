"""The limit on failed logins: off by default, of one address, by the clock of devidp, over all workers."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from devidp.store.failed_logins import MAX_ADDRESSES
from devidp.system.clock import Clock
from tests.durability.client import Client
from tests.durability.kill import free_port, served
from tests.flow import Flow, Form
from tests.real_clients.passing import passing_time
from tests.shipped import Start

pytestmark = pytest.mark.contract

LIMIT = 3
AT_ONCE = 16
SEED = f"""
issuers: {{default: {{failed_logins: {{limit: {LIMIT}, within: 10m}}}}}}
scopes: {{openid: {{}}, "mcp:read": {{}}}}
resources: {{"http://localhost:8000/mcp": {{}}}}
users: {{alice: {{password: alice}}}}
"""


@pytest.fixture
def limited(start: Start, frozen: Clock) -> Flow:
    return start({"failed_logins": {"limit": LIMIT, "within": "10m"}})


def attempt(flow: Flow, password: str = "wrong", address: str = "192.0.2.1", **more: str) -> TestResponse:
    """Post the login form from ``address``, in a new browser."""
    flow = flow.other_browser()
    page = Form(flow.authorize().text)
    return flow.http.post(
        urlsplit(page.action).path,
        data={**page.hidden, "username": "alice", "password": password, **more},
        environ_overrides={"REMOTE_ADDR": address},
    )


def fail(flow: Flow, address: str = "192.0.2.1") -> None:
    for _ in range(LIMIT):
        assert "That is not the password of alice" in attempt(flow, address=address).text


def test_without_the_switch_logins_may_fail_as_often_as_they_like(flow: Flow) -> None:
    assert {attempt(flow).status_code for _ in range(30)} == {200}
    assert flow.runtime.database.row("SELECT count(*) FROM failed_logins", ()) == (0,)


def test_after_so_many_the_address_is_refused_with_a_page_that_says_for_how_long(limited: Flow) -> None:
    fail(limited)
    limited.runtime.clock.advance(100)
    refused = attempt(limited, "alice")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "500"
    assert refused.content_type.startswith("text/html")
    assert "3 logins from this address have failed" in refused.text
    assert "Wait 500 s, advance the clock of devidp" in refused.text
    assert "Set-Cookie" not in refused.headers


def test_another_address_logs_in_meanwhile(limited: Flow) -> None:
    fail(limited)
    assert attempt(limited, "alice", "192.0.2.2").status_code == 200


def test_a_click_is_refused_too(limited: Flow) -> None:
    fail(limited)
    assert attempt(limited, login_as="alice").status_code == 429


def test_a_device_does_not_lead_round_it(start: Start) -> None:
    flow = start({"failed_logins": {"limit": LIMIT}, "grants": ["authorization_code", "device_code"]})
    fail(flow)
    page = Form(flow.http.get("/default/device").text)
    posted = flow.http.post(
        "/default/device-login",
        data=page.hidden | {"login_as": "alice"},
        environ_overrides={"REMOTE_ADDR": "192.0.2.1"},
    )
    assert posted.status_code == 429


def type_code(flow: Flow, code: str, address: str = "192.0.2.1") -> TestResponse:
    """Post the page of a device from ``address``, in a new browser."""
    flow = flow.other_browser()
    page = Form(flow.http.get(f"{flow.base}/device").text)
    return flow.http.post(
        f"{flow.base}/device",
        data={**page.hidden, "user_code": code},
        environ_overrides={"REMOTE_ADDR": address},
    )


@pytest.fixture
def devices(start: Start, frozen: Clock) -> Flow:
    return start(
        {"failed_logins": {"limit": LIMIT, "within": "10m"}, "grants": None},
        clients={"tv": {"public": True, "grants": ["device_code"]}},
    )


def user_code(flow: Flow) -> str:
    return str(flow.http.post("/default/device_authorization", data={"client_id": "tv"}).get_json()["user_code"])


def test_wrong_user_codes_are_limited_and_the_right_one_with_them(devices: Flow) -> None:
    right = user_code(devices)
    for number in range(LIMIT):
        assert "No device shows this code" in type_code(devices, f"BCDF-GHJ{'KLM'[number]}").text
    for code in ("BCDF-GHJN", right):
        refused = type_code(devices, code)
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "600"
        assert "3 user codes from this address were wrong" in refused.text
    assert type_code(devices, right, "192.0.2.2").status_code == 200
    devices.runtime.clock.advance(600)
    assert type_code(devices, user_code(devices)).status_code == 200


def test_a_code_in_the_form_of_an_earlier_page_is_counted_too(devices: Flow) -> None:
    right, came = user_code(devices), Counter[int]()
    for code in ("BCDF-GHJK", "BCDF-GHJL", "BCDF-GHJM", "BCDF-GHJN", right):
        browser = devices.other_browser()
        page = Form(browser.http.get("/default/device", query_string={"user_code": code}).text)
        data = {"transaction": page.hidden["transaction"], "login_as": "alice"}
        posted = browser.http.post("/default/device-login", data=data, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
        came[posted.status_code] += 1
    assert came == {400: LIMIT, 429: 2}


def test_codes_that_were_right_count_for_nothing_and_logins_count_apart(devices: Flow) -> None:
    for _ in range(LIMIT + 1):
        assert type_code(devices, user_code(devices)).status_code == 200
    fail(devices)
    assert type_code(devices, user_code(devices)).status_code == 200


def test_when_the_time_has_passed_on_the_clock_of_devidp_the_address_has_as_many_again(limited: Flow) -> None:
    fail(limited)
    limited.runtime.clock.advance(600)
    fail(limited)
    assert attempt(limited, "alice").status_code == 429


def test_a_clock_that_is_set_back_locks_nobody_out(limited: Flow) -> None:
    limited.runtime.clock.advance(86_400)
    fail(limited)
    limited.runtime.clock.advance(-86_400)
    assert "decision" in Form(attempt(limited, "alice").text).offered


def test_a_login_that_succeeds_does_not_count_and_forgives_nothing(limited: Flow) -> None:
    for password in ("wrong", "alice", "wrong", "alice", "wrong"):
        assert attempt(limited, password).status_code == 200
    assert attempt(limited, "alice").status_code == 429


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 429),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", 200),
        ("::ffff:192.0.2.1", "192.0.2.1", 429),
        ("fe80::1%eth0", "fe80::2%eth0", 429),
    ],
)
def test_a_network_of_ipv6_counts_as_one_address(limited: Flow, one: str, other: str, status: int) -> None:
    fail(limited, one)
    assert attempt(limited, "alice", other).status_code == status


def test_issuers_count_apart(limited: Flow) -> None:
    fail(limited)
    assert attempt(limited.at("enterprise"), "alice").status_code == 200


def test_the_table_is_bounded(limited: Flow) -> None:
    with limited.runtime.database.transaction() as transaction:
        for number in range(MAX_ADDRESSES + 10):
            transaction.execute(
                "INSERT INTO failed_logins (issuer, address, failures, purge_at) VALUES ('default', ?, 1, ?)",
                (str(number), 2**40 + number),
            )
    limited.runtime.purge()
    found = limited.runtime.database.row("SELECT count(*), min(cast(address as integer)) FROM failed_logins", ())
    assert found == (MAX_ADDRESSES, 10)
    with passing_time() as pass_time:
        fail(limited)
        assert limited.runtime.database.row("SELECT 1 FROM failed_logins WHERE address LIKE '%192.0.2.1'", ())
        pass_time(86_400)
        limited.runtime.clock.advance(86_400)  # it is frozen
        limited.runtime.purge()
    assert limited.runtime.database.row("SELECT 1 FROM failed_logins WHERE address LIKE '%192.0.2.1'", ()) is None


@pytest.mark.slow
def test_many_guesses_at_once_over_two_workers_are_as_few_as_one_after_another(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(SEED)
    came: Counter[int] = Counter()

    def guess(number: int) -> None:
        with closing(Client(url)) as client:
            page = Form(client.ask("GET", f"/authorize?{query}")[2].decode())
            ready.wait()
            came[client.form("/login", **page.hidden, username="alice", password=f"guess {number}")[0]] += 1

    with served(tmp_path, free_port(), "--seed", str(tmp_path / "seed.yaml")) as (_, url):
        with closing(Client(url)) as first:
            query = first.query(first.register())
        ready = threading.Barrier(AT_ONCE)
        threads = [threading.Thread(target=guess, args=(number,)) for number in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert came == {200: LIMIT, 429: AT_ONCE - LIMIT}

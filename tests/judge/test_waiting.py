"""A client that a person lets connect again for each scenario: it keeps what it has."""

from __future__ import annotations

from contextlib import suppress

import httpx

from devidp import DevIdP
from devidp.judge import run
from devidp.judge.run import Wish
from devidp.judge.turn import Turn
from devidp.judge.waiting_client import WaitingClient
from devidp.web.api_client import ApiClient
from tests.judge.verdicts import table
from tests.real_clients.mcp_client import Application


class Person:
    """Lets one and the same application connect whenever it is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self._application: Application | None = None

    def __call__(self, turn: Turn) -> None:
        self.asked.append((turn.scenario, turn.url))
        self._application = self._application or Application(turn.url, turn.browser.authorize)
        with suppress(ExceptionGroup):
            self._application.call("whoami")


def test_it_comes_by_way_of_the_login_each_time_at_the_same_address(idp: DevIdP) -> None:
    person = Person()
    chosen = ["iss-wrong", "field-extra", "resource-refuses-once", "metadata-empty", "html-body:token"]
    report = run.judge(WaitingClient(person, quiet=0), ApiClient(idp.local_url), Wish(only=chosen))
    assert table(report) == {
        "html-body:token": "passed",  # what it says of that, only the person sees
        "iss-wrong": "passed",
        "field-extra": "passed",
        "metadata-empty": "inconclusive",  # it is registered already
        "resource-refuses-once": "passed",
    }
    assert [name for name, _ in person.asked] == ["sound", *(each.name for each in report.checks)]
    assert len({url for _, url in person.asked}) == 1


def test_what_it_registered_is_gone_afterwards(idp: DevIdP) -> None:
    person = Person()
    run.judge(WaitingClient(person, quiet=0), ApiClient(idp.local_url), Wish(only=["field-extra"]))
    registered = idp.events("register")[-1].client
    refused = httpx.post(f"{idp.issuer}/token", data={"grant_type": "client_credentials", "client_id": registered})
    assert refused.json()["error"] == "invalid_client"

"""The public URL at run time: for names and ports that are known once devidp runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from flask import Flask

from devidp import DevIdP
from devidp.app import create_app
from devidp.models.config import Config
from devidp.seed import loads
from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError
from tests.engines import Engine
from tests.flow import Flow

STARTED = "http://localhost:6749"
DISCOVERY = ".well-known/openid-configuration"


@pytest.fixture
def workers(engine: Engine, tmp_path: Path) -> Iterator[tuple[Flask, Flask]]:
    config = Config(STARTED, **engine.settings(tmp_path), owns_data=False, workers=2)
    first, second = create_app(config), create_app(config)
    yield first, second
    for each in (first, second):
        each.extensions["devidp"].close()


@pytest.mark.contract
def test_every_worker_calls_the_issuers_by_it_until_a_reset(workers: tuple[Flask, Flask]) -> None:
    first, second = workers
    control = Controller(first.extensions["devidp"])
    before = Flow(first).tokens()["access_token"]
    # a host and a path that neither of them knew: the other one hears of it by the request itself
    control.set_public_url("https://idp.example.test:8443/auth/")
    found = second.test_client().get(f"/auth/default/{DISCOVERY}", base_url="https://idp.example.test:8443")
    assert found.json
    assert found.json["issuer"] == "https://idp.example.test:8443/auth/default"
    assert found.json["token_endpoint"] == "https://idp.example.test:8443/auth/default/token"
    assert not Flow(second).introspect(before)["active"]
    assert Flow(first).introspect(Flow(second).tokens()["access_token"])["active"]
    control.reset()
    assert control.public_url == STARTED
    gone = first.test_client().get(f"/default/{DISCOVERY}", base_url="https://idp.example.test:8443")
    assert gone.status_code == 421
    again = second.test_client().get(f"/default/{DISCOVERY}", base_url=STARTED)
    assert again.json
    assert again.json["issuer"] == f"{STARTED}/default"


def test_it_is_set_over_http(tmp_path: Path) -> None:
    with DevIdP() as idp:
        api = f"{idp.local_url}/_devidp/api/public-url"
        issuers = [f"{idp.url}/{name}" for name in ("default", "enterprise")]
        started = {"url": idp.url, "issuers": issuers}
        assert requests.get(api, timeout=10).json() == started
        changed = requests.post(api, json={"url": "http://host.docker.internal:32768"}, timeout=10).json()
        assert changed["issuers"][0] == "http://host.docker.internal:32768/default" == idp.issuer
        assert idp.url == "http://host.docker.internal:32768"
        assert idp.login(scope="openid")["id_token"]
        assert requests.post(api, json={"url": None}, timeout=10).json() == started
        for wrong, said in (("idp:6749", "does not begin with http"), ("http://idp/?x", "has a query")):
            refused = requests.post(api, json={"url": wrong}, timeout=10)
            assert refused.status_code == 400
            assert said in refused.json()["error_description"]
        assert "url is missing" in requests.post(api, json={}, timeout=10).json()["error_description"]


def test_no_issuer_may_come_to_be_where_another_one_is() -> None:
    seed = loads("issuers: {own: {url: https://idp.example.test/x}, x: }")
    app = create_app(Config(STARTED), seed)
    control = Controller(app.extensions["devidp"])
    with pytest.raises(ControlError, match=r"own and x would both be at idp\.example\.test/x"):
        control.set_public_url("https://idp.example.test")
    assert control.public_url == STARTED
    app.extensions["devidp"].close()

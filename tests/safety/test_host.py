"""DNS rebinding: a page whose name was made to lead here calls devidp by that name, and is refused."""

from __future__ import annotations

import pytest

from devidp.app import create_app
from devidp.models.config import Config
from tests.cli.running import Running, fetch
from tests.flow import Flow
from tests.refusal import refusal
from tests.safety.wire import Wire

METADATA = "/default/.well-known/openid-configuration"


def status(config: Config, host: str, path: str = METADATA) -> int:
    app = create_app(config)
    response = app.test_client().get(path, headers={"Host": host})
    app.extensions["devidp"].close()
    return response.status_code


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:6749", "localhost.", "127.0.0.1:1", "[::1]:6749", "idp.localhost", "192.168.1.5:6749",
     "idp.example.test", "idp.example.test:443", "inner.example", "host.docker.internal:6749"],
)  # fmt: skip
def test_the_names_of_this_devidp_are_answered(host: str) -> None:
    config = Config("https://idp.example.test", backchannel_url="http://inner.example:6749")
    assert status(config, host) == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:6749", "idp", "1.2.3.4.5",
     "notlocalhost", "idp.example.test.evil.example"],
)  # fmt: skip
def test_another_name_is_refused_at_every_address(host: str) -> None:
    config = Config("https://idp.example.test")
    assert {status(config, host, path) for path in (METADATA, "/", "/health", "/nowhere")} == {421}


@pytest.mark.parametrize("host", ["", "a b", "localhost/", "user@localhost", "[::1", "localhost:port", "a,b"])
def test_what_is_no_name_is_refused(host: str) -> None:
    assert status(Config("http://localhost:6749"), host) in (400, 421)


def test_the_refusal_says_what_to_do(flow: Flow) -> None:
    response = flow.http.post("/default/token", headers={"Host": "evil.example"})
    assert refusal(response) == (421, "invalid_request")
    assert "--allowed-host NAME (DEVIDP_ALLOWED_HOST)" in response.get_json()["error_description"]


def test_a_page_that_was_rebound_reads_nothing(flow: Flow) -> None:
    page = flow.http.get("/", headers={"Host": "evil.example", "Accept": "text/html"})
    assert page.status_code == 421
    assert "alice" not in page.text


def test_names_without_a_dot_are_answered_beyond_loopback_only() -> None:
    assert status(Config("http://localhost:6749"), "idp:6749") == 421
    assert status(Config("http://localhost:6749", beyond_loopback=True), "idp:6749") == 200
    assert status(Config("http://localhost:6749", beyond_loopback=True), "evil.example") == 421


def test_a_further_name_is_answered_where_it_is_allowed() -> None:
    config = Config("http://localhost:6749", allowed_hosts=("mine.example",))
    assert (status(config, "mine.example:80"), status(config, "evil.example")) == (200, 421)
    assert status(Config("http://localhost:6749", allowed_hosts=("*",)), "evil.example") == 200


def test_a_request_without_host_is_refused(wire: Wire) -> None:
    (said,) = wire.request("GET /health HTTP/1.1")
    assert said.status == 400
    (old,) = wire.request("GET /health HTTP/1.0")
    assert old.status == 200


def test_the_switch_names_hosts(devidp_command: Running) -> None:
    url = devidp_command.issuer()
    assert fetch(url, "/.well-known/jwks.json", Host="mine.example")[0] == 200
    assert fetch(url, "/.well-known/jwks.json", Host="other.example")[0] == 200
    assert fetch(url, "/.well-known/jwks.json", Host="evil.example")[0] == 421

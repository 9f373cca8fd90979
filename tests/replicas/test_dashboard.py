"""The dashboard of three replicas behind a balancer that sends no browser to the same one twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.dashboard.visitor import FORM_TOKEN
from tests.postgres import Server
from tests.replicas.replicas import NUMBER, Replicas, replicas

pytestmark = pytest.mark.slow
TOKEN = "a-control-token-of-all-of-them"


class Balancer(httpx.HTTPTransport):
    """Each request goes to the next port."""

    def __init__(self, ports: list[int]) -> None:
        super().__init__()
        self._ports = ports

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        port, *others = self._ports
        self._ports = [*others, port]
        url = request.url.copy_with(host="127.0.0.1", port=port)
        headers = [*request.headers.items(), ("X-Forwarded-For", "192.0.2.1")]
        return super().handle_request(httpx.Request(request.method, url, headers=headers, content=request.read()))


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory, seed: Path, postgres_server: Server) -> Iterator[Replicas]:
    home = tmp_path_factory.mktemp("home")
    with replicas(home, postgres_server.new_database(), seed, DEVIDP_CONTROL_TOKEN=TOKEN) as found:
        yield found


def test_a_browser_that_goes_round(three: Replicas) -> None:
    client = httpx.Client(base_url=f"{three.base}/_devidp", transport=Balancer(three.ports), follow_redirects=True)
    with client as browser:

        def post(page: httpx.Response, path: str, **fields: str) -> httpx.Response:
            (token, *_) = FORM_TOKEN.findall(page.text)
            return browser.post(path, data={"form_token": token, **fields})

        asked = browser.get("/controls/clock")
        assert asked.url.path == "/_devidp/unlock"
        refused = post(asked, "/unlock", token="another", next="/controls/clock")
        assert refused.status_code == 403
        clock = post(refused, "/unlock", token=TOKEN, next="/controls/clock")
        assert (clock.status_code, clock.url.path) == (200, "/_devidp/controls/clock")
        moved = post(clock, "/controls/clock", advance="2h")
        assert 'role="status">The clock was moved: ' in moved.text, "the notice came with the browser"
        assert {three.control(number, "GET", "/clock")["offset"] for number in range(NUMBER)} == {7200}

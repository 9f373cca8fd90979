"""A refusal leads to its flow: from the console, and from the page that a person sees."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from flask.testing import FlaskClient

from devidp.app import create_app
from devidp.models.config import Config
from devidp.web.runtime import Runtime

PUBLIC = "https://idp.example"
TOKEN = "a control token"
REFUSED = "/default/authorize?client_id=nobody"
PAGE = {"Accept": "text/html"}
LINK = re.compile(r'<a href="([^"]+)">See what happened</a>')


def started(config: Config) -> tuple[Runtime, FlaskClient]:
    app = create_app(config)
    return app.extensions["devidp"], app.test_client()


@pytest.mark.parametrize(
    ("config", "base"),
    [
        (Config("http://localhost:6749"), "http://localhost:6749/_devidp/"),
        (Config("http://127.0.0.1:8000/idp"), "http://127.0.0.1:8000/idp/_devidp/"),
        (Config(PUBLIC, control_token=TOKEN), f"{PUBLIC}/_devidp/"),
        (Config("http://localhost:6749", beyond_loopback=True, control_token=TOKEN), "http://localhost:6749/_devidp/"),
        # the dashboard is closed to that name, and nobody can type a token that there is not
        (Config(PUBLIC), None),
        (Config("http://idp.localhost:6749"), None),
    ],
)
def test_the_console_names_the_flow_of_a_refusal_where_its_reader_can_open_it(
    config: Config, base: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    runtime, http = started(config)
    with closing(runtime):
        http.get(REFUSED, base_url=config.public_url)
        (event,) = runtime.event_log.since()[0]
    (line,) = caplog.messages
    assert event.error
    if base is None:
        assert "_devidp" not in line
    else:
        assert line.endswith(f" >> {base}flows/{event.id}")


def test_the_console_shows_what_came_above_what_was_expected(caplog: pytest.LogCaptureFixture) -> None:
    runtime, http = started(Config("http://localhost:6749"))
    with closing(runtime), caplog.at_level("WARNING", "devidp"):
        http.get("/default/authorize?client_id=web&redirect_uri=http://localhost:3000/callback/")
        http.get("/default/authorize?client_id=web&redirect_uri=http://localhost:3000/callback%0a%1b[31m")
        http.get("/default/authorize?client_id=web&redirect_uri=urn:ietf:wg:oauth:2.0:oob")
    first, second, other = (record.getMessage().splitlines() for record in caplog.records)
    assert len(other) == 1
    assert first[1:5] == [
        "  came      http://localhost:3000/callback/",
        "                                          ^",
        "  expected  http://localhost:3000/callback",
        "  What came has a slash at its end, which is not expected.",
    ]
    assert "\x1b" not in "".join(second)
    assert len(second) == len(first)


def test_what_was_answered_needs_no_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "devidp")
    runtime, http = started(Config("http://localhost:6749"))
    with closing(runtime):
        http.get("/default/.well-known/jwks.json")
    assert "jwks" in caplog.text
    assert "_devidp" not in caplog.text


@pytest.mark.parametrize(
    "path", [REFUSED, "/default/login", "/default/device-consent", "/default/logout?x=1&x=2", "/no"]
)
def test_a_page_of_an_error_leads_to_its_flow(path: str) -> None:
    runtime, http = started(Config("http://localhost:6749/idp"))
    with closing(runtime):
        page = http.get(f"/idp{path}", headers=PAGE)
        (event,) = runtime.event_log.since()[0]
    assert page.status_code >= 400
    assert LINK.findall(page.text) == [f"/idp/_devidp/flows/{event.id}"]


def test_the_link_opens_the_flow() -> None:
    runtime, http = started(Config("http://localhost:6749"))
    with closing(runtime):
        (address,) = LINK.findall(http.get(REFUSED, headers=PAGE).text)
        flow = http.get(address, headers=PAGE)
    assert flow.status_code == 200
    assert "nobody" in flow.text


@pytest.mark.parametrize("path", [REFUSED, "/no"])
@pytest.mark.parametrize(("token", "links"), [(None, 0), (TOKEN, 1)])
def test_who_comes_from_elsewhere_is_led_there_where_a_token_opens_it(path: str, token: str | None, links: int) -> None:
    runtime, http = started(Config(PUBLIC, control_token=token))
    with closing(runtime):
        page = http.get(path, base_url=PUBLIC, headers=PAGE | {"X-Forwarded-For": "192.0.2.1"})
    assert len(LINK.findall(page.text)) == links

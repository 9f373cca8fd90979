"""``devidp flows``: what the dashboard says of attempts, in a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import httpx
import pytest
from click.testing import CliRunner, Result

from devidp import DevIdP
from devidp.cli.main import main
from tests.flow import CHALLENGE, REDIRECT_URI

Typed = Callable[..., Result]
ASKED = {
    "client_id": "web", "response_type": "code", "redirect_uri": f"{REDIRECT_URI}/", "scope": "openid",
    "code_challenge": CHALLENGE, "code_challenge_method": "S256",
}  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[DevIdP]:
    with DevIdP() as idp:
        yield idp


@pytest.fixture
def idp(running: DevIdP) -> DevIdP:
    """Where one logged in, one was refused, and one registered and has not come back."""
    running.reset()
    running.login("bob", client="spa")
    with httpx.Client(base_url=running.issuer, headers={"User-Agent": "mine/1"}) as http:
        http.get("/authorize", params=ASKED)
        http.get("/.well-known/openid-configuration")
        http.post("/register", json={"client_name": "Zoë\n\x1b[2J\u202e", "redirect_uris": [REDIRECT_URI]})
    running.clock.advance("1m")
    return running


@pytest.fixture
def typed(idp: DevIdP) -> Typed:
    return lambda *words, **environment: CliRunner(env=environment).invoke(main, ["flows", "--url", idp.url, *words])


def test_attempts_are_listed_the_newest_last(typed: Typed) -> None:
    lines = typed().stdout.splitlines()
    assert [line.split()[2] for line in lines[::2]] == ["succeeded", "refused", "stopped"]
    assert "login · mcp:read" in lines[0]
    assert lines[-1].strip().endswith("then stopped: it did not open the browser.")
    assert "Zoë" in lines[-2]
    assert "\x1b" not in typed().stdout
    assert "\u202e" not in typed().stdout
    assert "\x1b[31mrefused" in typed(FORCE_COLOR="1").stdout


def test_a_list_is_narrowed(typed: Typed) -> None:
    assert len(typed("--outcome", "refused").stdout.splitlines()) == 2
    assert len(typed("--client", "zoë").stdout.splitlines()) == 2
    assert typed("--user", "nobody").stdout == ""
    first, *rest = typed("--limit", "1").stdout.splitlines()
    assert first == "… and 2 earlier; --limit shows them"
    assert len(rest) == 2


def test_a_refusal_is_explained(typed: Typed, idp: DevIdP) -> None:
    lines = typed(idp.events("authorize", status=400)[0].id).stdout.splitlines()
    assert "  What came has a slash at its end, which is not expected." in lines
    assert any(line.startswith("What to change: ") for line in lines)
    assert "See OAuth 2.1 section 2.3.1" in lines
    assert lines[-1].strip() == "devidp to Browser: 400 invalid_request"


def test_what_never_came_is_explained(typed: Typed, idp: DevIdP) -> None:
    idp.arm("expired")
    lines = typed(idp.events("register")[0].id).stdout.splitlines()
    assert any(line.startswith("What to do: ") for line in lines)
    assert lines[-1].split(maxsplit=1) == ["never", "Browser to devidp: GET /authorize"]


def test_json_is_what_the_dashboard_downloads(typed: Typed, idp: DevIdP) -> None:
    flow = idp.events("token")[0].flow
    assert json.loads(typed(flow, "--json").stdout) == httpx.get(f"{idp.url}/_devidp/flows/{flow}.json").json()


def test_what_there_is_not_is_refused_by_name(typed: Typed) -> None:
    assert "devidp keeps no flow and no request 'nothing'" in typed("nothing").output
    assert typed("nothing").exit_code == 1
    assert typed("nothing", "--user", "bob").exit_code == 2

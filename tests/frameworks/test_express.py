"""docs/express.md: an application with pages and an API, by Auth0's packages for Express."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from devidp import DevIdP
from tests.cli.running import SCRIPT
from tests.frameworks.project import Page, linked, ran, serving

PAGE = Page("express.md")
ADDRESS = "http://localhost:3000"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as running:
        yield running


@pytest.fixture(scope="module")
def url(idp: DevIdP, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("express")
    PAGE.write(folder)
    linked(folder, "express", PAGE)
    with serving(folder, lambda _: PAGE.command("node notes"), ISSUER=idp.issuer, BASE_URL="{url}") as url:
        yield url


def test_a_person_logs_in(idp: DevIdP, url: str) -> None:
    with requests.Session() as http:
        assert idp.authorize(f"{url}/", user="bob", http=http).text == "Hello bob"


@pytest.mark.parametrize(
    ("fault", "status"),
    [(None, 200), ("expired", 401), ("audience-wrong", 401), ("typ-missing", 401), ("scope-missing", 403)],
)
def test_the_api_wants_a_sound_token(idp: DevIdP, url: str, fault: str | None, status: int) -> None:
    token = idp.token(audience=f"{ADDRESS}/notes", scope="mcp:read", fault=fault)
    assert requests.get(f"{url}/notes", headers={"Authorization": f"Bearer {token}"}, timeout=60).status_code == status


def test_by_hand_the_api_answers_as_the_page_says(idp: DevIdP, url: str, tmp_path: Path) -> None:
    by_hand = PAGE.commands[-4:]
    script = "\n".join(by_hand).replace("devidp token", f"{SCRIPT} token").replace(f'" {ADDRESS}', f'" {url}')
    assert re.findall(r"HTTP/1.1 (\d+)", ran(tmp_path, script, DEVIDP_URL=idp.url)) == ["200", "401"]

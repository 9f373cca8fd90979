"""docs/spring.md: an application with pages and an API, by Spring Security, built with Maven."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from devidp import DevIdP
from tests.cli.running import SCRIPT
from tests.frameworks.project import Page, ran, serving

PAGE = Page("spring.md")
ADDRESS = "http://localhost:8080"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spring")
    PAGE.write(folder)
    # the home folder has the repository of what was downloaded before
    ran(folder, f"{PAGE.command('mvn')} --quiet --batch-mode", HOME=os.environ["HOME"])
    return folder


@pytest.fixture(scope="module")
def idp(project: Path) -> Iterator[DevIdP]:
    with DevIdP(project / "seed.yaml") as running:
        yield running


@pytest.fixture(scope="module")
def url(project: Path, idp: DevIdP) -> Iterator[str]:
    java = PAGE.command("java -jar")
    with serving(project, lambda port: f"{java} --server.port={port} --notes.issuer={idp.issuer}") as url:
        yield url


def test_a_person_logs_in(idp: DevIdP, url: str) -> None:
    with requests.Session() as http:
        assert idp.authorize(f"{url}/", user="bob", http=http).text == "Hello bob"


@pytest.mark.parametrize(
    ("fault", "status"),
    [(None, 200), ("expired", 401), ("audience-wrong", 401), ("typ-missing", 401), ("scope-missing", 403)],
)
def test_the_api_wants_a_sound_token(idp: DevIdP, url: str, fault: str | None, status: int) -> None:
    token = idp.token(audience=f"{ADDRESS}/api", scope="notes:read", fault=fault)
    assert requests.get(f"{url}/api", headers={"Authorization": f"Bearer {token}"}, timeout=60).status_code == status


def test_by_hand_the_api_answers_as_the_page_says(idp: DevIdP, url: str, tmp_path: Path) -> None:
    by_hand = "\n".join(PAGE.commands[-4:])
    script = by_hand.replace("devidp token", f"{SCRIPT} token").replace(f'" {ADDRESS}', f'" {url}')
    assert re.findall(r"HTTP/1.1 (\d+)", ran(tmp_path, script, DEVIDP_URL=idp.url)) == ["200", "401"]

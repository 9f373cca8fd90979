"""docs/spring.md: an application with pages and an API, by Spring Security, built with Maven."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import yaml

from devidp import DevIdP
from tests.cli.running import SCRIPT
from tests.frameworks.project import Page, ran, serving
from tests.probe.servers.conftest import WAITING
from tests.probe.servers.proofs import check

PAGE = Page("spring.md")
ADDRESS = "http://localhost:8080"
DEFAULT = "http://localhost:6749/default"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spring")
    PAGE.write(folder)
    plain = folder / "src" / "main" / "java" / "plain" / "Plain.java"
    plain.parent.mkdir()
    shutil.copy(Path(__file__).with_name("Plain.java"), plain)
    # the home folder has the repository of what was downloaded before
    ran(folder, f"{PAGE.command('mvn')} --quiet --batch-mode -Dstart-class=example.Notes", HOME=os.environ["HOME"])
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


def test_the_probe_of_the_api(idp: DevIdP, url: str) -> None:
    check(idp.probe(f"{url}/api", audience=f"{ADDRESS}/api", scope="notes:read", skip=WAITING), "spring-at-jwt")


def test_by_hand_the_api_answers_as_the_page_says(idp: DevIdP, url: str, tmp_path: Path) -> None:
    by_hand = "\n".join(PAGE.commands[-4:])
    script = by_hand.replace("devidp token", f"{SCRIPT} token").replace(f'" {ADDRESS}', f'" {url}')
    assert re.findall(r"HTTP/1.1 (\d+)", ran(tmp_path, script, DEVIDP_URL=idp.url)) == ["200", "401"]


SPRING = "--spring.security.oauth2"
KEY, PROPERTIES = (yaml.safe_load(PAGE.block(word)) for word in ("access_token:", "jwt.issuer-uri:"))
PLAIN_SEED = {
    **KEY,
    "users": {"bob": {}},
    "clients": {
        "notes": {"secret": "notes-secret", "redirect_uris": [f"{ADDRESS}/login/oauth2/code/notes"]},
        "machine": {"secret": "machine-secret", "grants": ["client_credentials"]},
    },
    "scopes": {"openid": "Know who you are", "notes:read": "Read your notes"},
    "resources": {f"{ADDRESS}/api": {}},
}


@pytest.fixture
def plain_idp() -> Iterator[DevIdP]:
    with DevIdP(PLAIN_SEED) as running:
        yield running


def plain(project: Path, *properties: str) -> AbstractContextManager[str]:
    """An application without any configuration but ``properties``."""
    # this launcher of Spring Boot, which is in every jar, takes another class than that of the jar
    java = f"java -cp {PAGE.command('java -jar').split()[-1]} -Dloader.main=plain.Plain -Dspring.config.name=none"
    launcher = "org.springframework.boot.loader.launch.PropertiesLauncher"
    return serving(project, lambda port: f"{java} {launcher} --server.port={port} {' '.join(properties)}")


def test_a_resource_server_needs_nothing_but_the_url_where_the_seed_says_jwt(project: Path, plain_idp: DevIdP) -> None:
    properties = [f"--{name}={value.replace(DEFAULT, plain_idp.issuer)}" for name, value in PROPERTIES.items()]
    with plain(project, *properties) as url:
        probe: dict[str, Any] = {"audience": f"{ADDRESS}/api", "skip": WAITING}
        check(plain_idp.probe(f"{url}/who", **probe), "spring")
        without_typ = plain_idp.token(audience=f"{ADDRESS}/api", drop_header="typ")
        sent = {"Authorization": f"Bearer {without_typ}"}
        assert requests.get(f"{url}/who", headers=sent, timeout=60).status_code == 200  # Spring's default
        plain_idp.stop()
        with DevIdP({**PLAIN_SEED, "issuers": {}}, port=urlsplit(plain_idp.local_url).port or 0) as of_rfc_9068:
            report = of_rfc_9068.probe(f"{url}/who", **probe)
    assert "does not take tokens of this typ" in report.cause
    assert "{typ: JWT}" in report.remedy


def test_a_client_needs_nothing_but_the_url(project: Path, plain_idp: DevIdP) -> None:
    client, machine = f"{SPRING}.client", f"{SPRING}.client.registration.machine"
    with (
        plain(
            project,
            f"{client}.provider.devidp.issuer-uri={plain_idp.issuer}",
            f"{client}.registration.notes.provider=devidp {client}.registration.notes.client-id=notes",
            f"{client}.registration.notes.client-secret=notes-secret {client}.registration.notes.scope=openid",
            f"{machine}.provider=devidp {machine}.client-id=machine {machine}.client-secret=machine-secret",
            f"{machine}.scope=notes:read {machine}.authorization-grant-type=client_credentials",
        ) as url,
        requests.Session() as http,
    ):
        plain_idp.authorize(f"{url}/oauth2/authorization/notes", user="bob", http=http)
        assert http.get(f"{url}/who", timeout=60).text == "bob"
        assert http.get(f"{url}/machine", timeout=60).text.count(".") == 2

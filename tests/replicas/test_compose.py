"""docs/replicas/compose.yaml and its balancer: a real HAProxy with that file, before replicas with those variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.running import DEADLINE, Running, run
from tests.durability.kill import free_port
from tests.packaging.dockerfile import stages, value
from tests.postgres import Server
from tests.replicas.balancer import balanced
from tests.replicas.deployment import BALANCER, COMPOSE, FOLDER, ROOT, services
from tests.replicas.replicas import SECRET

pytestmark = pytest.mark.slow
PASSWORD = "the password of PostgreSQL"
FILE = services(POSTGRES_PASSWORD=PASSWORD, DEVIDP_SECRET=SECRET)
IDP: dict[str, Any] = FILE["idp"]
FORM = {"grant_type": "client_credentials", "client_id": "service", "client_secret": "service-secret"}


class Deployment:
    """As many replicas as the file has, and the balancer, which listens at another port."""

    def __init__(self, home: Path, database: str) -> None:
        self.ports = [free_port() for _ in range(IDP["deploy"]["replicas"])]
        seed, mounted, _ = IDP["volumes"][0].split(":")
        assert IDP["environment"]["DEVIDP_SEED"] == mounted
        given = {**IDP["environment"], "DEVIDP_SEED": str((FOLDER / seed).resolve()), "DEVIDP_DATABASE": database}
        self.running = [Running(home, "serve", "--port", str(port), **given) for port in self.ports]


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory, postgres_server: Server) -> Iterator[Deployment]:
    found = Deployment(tmp_path_factory.mktemp("home"), postgres_server.new_database())
    try:
        for replica in found.running:
            assert replica.issuer() == "http://localhost:6749/default"
        yield found
    finally:
        for replica in found.running:
            replica.kill()


@pytest.fixture(scope="module")
def browser(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """It calls the balancer by the public name."""
    port = free_port()
    with (
        balanced(tmp_path_factory.mktemp("balancer"), port, deployment.ports),
        httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"Host": "localhost:6749"}, timeout=DEADLINE
        ) as client,
    ):
        yield client


def test_its_services_fit_together() -> None:
    listening = re.search(r"bind :(\d+)", BALANCER)
    assert listening
    assert FILE["balancer"]["ports"] == [f"127.0.0.1:{listening[1]}:{listening[1]}"]
    assert FILE["balancer"]["volumes"] == ["./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro"]
    assert f"idp:{value(stages()[-1], 'EXPOSE')} " in BALANCER
    assert IDP["environment"]["DEVIDP_BACKCHANNEL_URL"] == f"http://balancer:{listening[1]}"
    user = FILE["postgres"]["environment"]["POSTGRES_USER"]
    assert IDP["environment"]["DEVIDP_DATABASE"] == f"postgresql://{user}@postgres/{user}"
    assert IDP["environment"]["PGPASSWORD"] == FILE["postgres"]["environment"]["POSTGRES_PASSWORD"] == PASSWORD
    assert (COMPOSE.parent / IDP["build"]).resolve() == ROOT


def test_every_image_is_pinned_to_a_release() -> None:
    images = [service["image"] for service in FILE.values() if "image" in service]
    assert len(images) == 2
    assert all(re.search(r":\d+\.\d+", image) for image in images)


def test_the_health_checks_ask_what_answers(deployment: Deployment, tmp_path: Path) -> None:
    asked = re.search(r"http-check send meth GET uri (\S+) ver HTTP/1.1 hdr Host (\S+)", BALANCER)
    assert asked
    for port in deployment.ports:
        assert httpx.get(f"http://127.0.0.1:{port}{asked[1]}", headers={"Host": asked[2]}).status_code == 200
        assert IDP["healthcheck"]["test"][:2] == ["CMD", "devidp"]
        assert run(tmp_path, *IDP["healthcheck"]["test"][2:], DEVIDP_PORT=str(port)).returncode == 0


def test_whoever_comes_through_the_balancer_is_not_on_this_machine(browser: httpx.Client) -> None:
    for _ in range(3):
        assert browser.get("/_devidp/api/users").status_code == 403


def test_a_replica_that_is_gone_is_missed_by_nobody(deployment: Deployment, browser: httpx.Client) -> None:
    def tokens() -> set[str]:
        """As many kids as there are keys."""
        answers = [browser.post("/default/token", data=FORM) for _ in range(9)]
        assert {answer.status_code for answer in answers} == {200}
        return {answer.json()["access_token"].split(".")[0] for answer in answers}

    before = tokens()
    deployment.running[0].kill()
    assert tokens() == before
    assert len(before) == 1


def test_each_replica_prints_the_control_token_of_all(tmp_path: Path, postgres_server: Server) -> None:
    url = postgres_server.new_database()
    # where it listens beyond this machine, as in a container, there is one
    flags = "--host", "0.0.0.0", "--port", "0", "--database", url
    both = [Running(tmp_path, "serve", *flags, DEVIDP_SECRET=SECRET) for _ in range(2)]
    try:
        tokens = {line for replica in both for line in replica.banner() if line.startswith("Control")}
    finally:
        for replica in both:
            replica.kill()
    assert len(tokens) == 1
    assert not any(SECRET in line for line in tokens)

"""The image: what its Dockerfile promises, and what its steps install."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from devidp import __version__
from devidp.connect.tutorials import PAGES
from tests.cli.conftest import Start
from tests.cli.running import fetch
from tests.durability.kill import free_port
from tests.packaging.container import Container
from tests.packaging.dockerfile import ROOT, build, stages, value
from tests.packaging.pins import not_as_pinned
from tests.postgres import Server

FINAL = stages()[-1]
HEALTH = json.loads(value(FINAL, "HEALTHCHECK").partition("CMD ")[2])


def got_token(issuer: str) -> bool:
    form = "grant_type=client_credentials&client_id=service&client_secret=service-secret"
    return bool(json.loads(fetch(issuer, "/token", body=form)[1])["token_type"] == "Bearer")


@pytest.fixture
def container(image: Path, start: Start) -> Container:
    return Container(image, start)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file system after the build stage."""
    root = tmp_path_factory.mktemp("image")
    build(stages()[0], root)
    return root


def test_the_image_does_not_run_as_root() -> None:
    assert value(FINAL, "USER") == "10001:0"
    assert FINAL.index(("USER", "10001:0")) > max(n for n, (name, _) in enumerate(FINAL) if name == "RUN")


def test_the_image_checks_its_health_with_devidp_alone() -> None:
    assert value(FINAL, "HEALTHCHECK").endswith('CMD ["devidp", "health"]')


def test_the_image_serves_to_the_outside_and_keeps_data_in_its_volume() -> None:
    assert value(FINAL, "VOLUME") == "/data"
    assert value(FINAL, "EXPOSE") == "6749"
    assert "DEVIDP_HOST=0.0.0.0 XDG_DATA_HOME=/data DEVIDP_DATA_GROUP=1" in value(FINAL, "ENV")
    assert value(FINAL, "RUN") == "install --directory --owner 10001 --group 0 --mode 0770 /data"
    assert json.loads(value(FINAL, "ENTRYPOINT")) + json.loads(value(FINAL, "CMD")) == ["devidp", "serve"]


def test_the_image_is_slim_and_built_in_two_stages() -> None:
    assert len(stages()) == 2
    (base,) = {stage[0][1].removesuffix(" AS build") for stage in stages()}
    assert re.fullmatch(r"python:3\.13\.\d+-slim-bookworm(@sha256:[0-9a-f]{64})?", base)


def test_all_that_is_copied_exists_and_is_not_ignored() -> None:
    allowed = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"}
    copied = {source for name, rest in stages()[0] if name == "COPY" for source in rest.split()[:-1]}
    assert copied <= allowed
    assert all((ROOT / source).exists() for source in copied)


@pytest.mark.slow
def test_the_wheel_carries_the_templates_the_seed_and_the_type_marker(image: Path) -> None:
    (wheel,) = (image / "dist").glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = {f"devidp/{path.relative_to(ROOT)}" for path in (ROOT / "templates").rglob("*") if path.is_file()}
    assert templates
    tutorials = {f"devidp/docs/{name}.md" for name in PAGES}
    assert templates | tutorials | {"devidp/seed.yaml", "devidp/py.typed"} <= names
    assert not any(name.startswith(("tests", "docs")) for name in names)


@pytest.mark.slow
def test_the_installed_image_has_the_pinned_versions(image: Path) -> None:
    assert not not_as_pinned(image / "opt/devidp")


@pytest.mark.slow
def test_the_installed_image_has_no_pip(image: Path) -> None:
    assert not list((image / "opt/devidp").rglob("pip"))


@pytest.mark.slow
def test_the_installed_devidp_says_its_version_in_an_empty_environment(image: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        [image / "opt/devidp/bin/devidp", "--version"], env={}, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert said.stdout == f"devidp {__version__}\n"


@pytest.mark.slow
def test_the_installed_devidp_shows_its_pages_and_gives_tokens(image: Path, start: Start, tmp_path: Path) -> None:
    devidp = str(image / "opt/devidp/bin/devidp")
    issuer = start("--data", str(tmp_path / "data"), command=("/usr/bin/env", "-i", devidp)).issuer()
    assert got_token(issuer)
    base = issuer.removesuffix("/default")
    assert "<html" in fetch(base, "/_devidp/", Accept="text/html")[1]
    assert "dashboard" in fetch(base, "/_devidp/static/dashboard.css")[1]


@pytest.mark.slow
def test_any_number_may_run_it_and_another_one_goes_on_with_its_volume(container: Container) -> None:
    port, keys = str(free_port()), []
    for user in ("12345", "23456"):  # OpenShift takes one of its own
        running = container.serve(user, DEVIDP_PORT=port)
        issuer = running.issuer()
        assert got_token(issuer)
        keys.append(fetch(issuer, "/.well-known/jwks.json")[1])
        health = container.command(user, *HEALTH, DEVIDP_PORT=port)
        assert subprocess.run(health).returncode == 0
        assert running.end() == 0
        assert subprocess.run(health, stderr=subprocess.DEVNULL).returncode == 1
    assert keys[0] == keys[1]
    assert (container.data / "devidp" / port / "devidp.db").exists()


@pytest.mark.slow
def test_a_folder_of_this_machine_is_its_users(container: Container) -> None:
    container.give(1000, 1000, 0o755)
    assert got_token(container.serve("1000:1000", DEVIDP_PORT=str(free_port())).issuer())


@pytest.mark.slow
def test_a_folder_that_is_open_to_everybody_is_none_that_devidp_keeps_its_data_in(container: Container) -> None:
    container.give(0, 0, 0o777)  # an emptyDir of Kubernetes
    assert got_token(container.serve("12345", DEVIDP_PORT=str(free_port())).issuer())


@pytest.mark.slow
@pytest.mark.parametrize("setting", [{"DEVIDP_MEMORY": "1"}, {"DEVIDP_DATA": "other"}])
def test_a_setting_of_the_user_contradicts_none_of_the_image(container: Container, setting: dict[str, str]) -> None:
    assert got_token(container.serve("12345", **setting).issuer())
    assert sorted(path.name for path in container.data.iterdir()) == sorted(setting.get("DEVIDP_DATA", "").split())


@pytest.mark.slow
def test_it_keeps_everything_in_a_database_where_it_has_one(container: Container, postgres_server: Server) -> None:
    secret = "nobody guesses the secret of this container"
    running = container.serve("12345", DEVIDP_DATABASE=postgres_server.new_database(), DEVIDP_SECRET=secret)
    assert got_token(running.issuer())
    assert not list(container.data.iterdir())

"""The image: what its Dockerfile promises, and what its steps install."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from devidp import __version__
from devidp.connect.tutorials import PAGES
from tests.cli.conftest import Start
from tests.cli.running import fetch
from tests.packaging.dockerfile import ROOT, build, stages, value
from tests.packaging.pins import not_as_pinned

FINAL = stages()[-1]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file system after the build stage."""
    root = tmp_path_factory.mktemp("image")
    build(stages()[0], root)
    return root


def test_the_image_does_not_run_as_root() -> None:
    assert value(FINAL, "USER") == "10001:10001"
    assert FINAL.index(("USER", "10001:10001")) > max(n for n, (name, _) in enumerate(FINAL) if name == "RUN")


def test_the_image_checks_its_health_with_devidp_alone() -> None:
    assert value(FINAL, "HEALTHCHECK").endswith('CMD ["devidp", "health"]')


def test_the_image_serves_to_the_outside_and_keeps_data_in_its_volume() -> None:
    assert value(FINAL, "VOLUME") == "/data"
    assert value(FINAL, "EXPOSE") == "6749"
    assert "DEVIDP_HOST=0.0.0.0 DEVIDP_DATA=/data DEVIDP_DATA_GROUP=1" in value(FINAL, "ENV")
    assert json.loads(value(FINAL, "ENTRYPOINT")) + json.loads(value(FINAL, "CMD")) == ["devidp", "serve"]


def test_the_image_is_slim_and_built_in_two_stages() -> None:
    assert len(stages()) == 2
    assert all(stage[0][1].startswith("python:3.13-slim") for stage in stages())


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
    form = "grant_type=client_credentials&client_id=service&client_secret=service-secret"
    assert json.loads(fetch(issuer, "/token", body=form)[1])["token_type"] == "Bearer"
    base = issuer.removesuffix("/default")
    assert "<html" in fetch(base, "/_devidp/", Accept="text/html")[1]
    assert "dashboard" in fetch(base, "/_devidp/static/dashboard.css")[1]

"""Nothing that somebody releases tomorrow is installed: every version is written down, of the build too."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from importlib import metadata
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.dockerfile import ROOT
from tests.packaging.pins import CONSTRAINTS, not_as_pinned, pinned

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
CLIENTS = [path.stem.removeprefix("requirements-") for path in (ROOT / "tests/real_clients").glob("requirements-*.txt")]
FILES = [CONSTRAINTS, *(ROOT / f"tests/real_clients/constraints-{client}.txt" for client in CLIENTS)]
LOCKS = [*ROOT.glob("tests/*/package-lock.json"), *ROOT.glob("tests/*/*/package-lock.json")]
REGISTRY = "https://registry.npmjs.org/"
"""npm's own default, which npm replaces by the one that is configured."""

pins_of_this_environment = pytest.mark.skipif(
    Path(sys.prefix).name in {".venv-lowest", ".venv-newest"},
    reason="make test-lowest and make test-newest install other versions than the pinned ones, on purpose",
)


@pins_of_this_environment
def test_everything_in_this_environment_is_pinned() -> None:
    assert not not_as_pinned(Path(sys.prefix)), "after make pins, or a dependency less: make clean"


@pins_of_this_environment
def test_what_built_devidp_is_pinned() -> None:
    wheel = metadata.distribution("devidp").read_text("WHEEL") or ""
    assert f"Generator: hatchling {pinned()['hatchling']}\n" in wheel


@pytest.mark.slow
@pytest.mark.parametrize("client", CLIENTS)
def test_everything_in_the_environment_of_a_client_is_pinned(client: str) -> None:
    environment, file = ROOT / f".venv-{client}", ROOT / f"tests/real_clients/constraints-{client}.txt"
    assert environment.is_dir(), "make test-setup installs it"
    assert not not_as_pinned(environment, file)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_the_pins_fit_pyproject_on_every_python(python: str) -> None:
    versions = pinned(python=python)
    groups = PROJECT["build-system"]["requires"], PROJECT["project"]["dependencies"], *EXTRAS.values()
    for requirement in map(Requirement, chain.from_iterable(groups)):
        assert versions[canonicalize_name(requirement.name)] in requirement.specifier, "make pins UPGRADE="


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_of_pins_has_names_and_versions_and_no_place_to_get_them_from(file: Path) -> None:
    for line in file.read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"\s*#[^/]*|[a-z0-9-]+==[\w.]+( ; [\w\s.'<>=!()]+)?", line), line


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.parent.name)
def test_a_lock_of_npm_has_a_checksum_for_each_package_and_no_registry_but_the_default(lock: Path) -> None:
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    for name, package in packages.items():
        assert package.get("resolved", REGISTRY).startswith(REGISTRY), name
        assert not name or package.get("inBundle") or package["integrity"].startswith("sha512-"), name

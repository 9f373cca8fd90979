"""A fresh clone: ``make run``, and the source archive."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from devidp import __version__
from devidp.seed import profile
from tests.cli.conftest import Start
from tests.cli.running import DEADLINE, fetch
from tests.packaging.dockerfile import ROOT
from tests.packaging.pins import CONSTRAINTS, not_as_pinned

LEFT_BEHIND = (".git", ".venv*", "__pycache__", "node_modules", "dist", ".*_cache", ".coverage*", ".hypothesis")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of this project alone, as after ``git clone``."""
    return shutil.copytree(
        ROOT, tmp_path_factory.mktemp("fresh") / "clone", ignore=shutil.ignore_patterns(*LEFT_BEHIND)
    )


@pytest.mark.slow
def test_make_run_starts_devidp_from_a_fresh_clone_and_again(clone: Path, start: Start) -> None:
    python = Path(sys.base_prefix) / "bin" / "python3"
    make = ("make", "-C", str(clone), "--no-print-directory", f"PYTHON={python}", "run", "ARGS=--memory")
    for _ in range(2):
        running = start(command=make, DEVIDP_PORT="0", PIP_CACHE_DIR=str(Path.home() / ".cache" / "pip"))
        assert fetch(running.issuer(), "/.well-known/jwks.json")[0] == 200
        running.end_group(signal.SIGINT)
    assert not not_as_pinned(clone / ".venv")


@pytest.mark.slow
def test_make_without_a_python_that_is_new_enough_says_so(clone: Path) -> None:
    shutil.rmtree(clone / ".venv", ignore_errors=True)
    ended = subprocess.run(
        ["make", "-C", str(clone), "run", "PYTHON="], capture_output=True, text=True, timeout=DEADLINE
    )
    assert ended.returncode != 0
    assert "devidp needs Python 3.11 or newer" in ended.stderr


def test_make_help_names_what_readme_and_contributing_promise() -> None:
    listed = subprocess.run(["make", "-C", str(ROOT), "help"], capture_output=True, text=True, timeout=DEADLINE).stdout
    for target in (
        "run",
        "test",
        "check",
        "test-postgres",
        "test-lowest",
        "test-newest",
        "pins",
        "format",
        "wheel",
        "clean",
    ):
        assert f"make {target} " in listed


def test_ci_runs_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    words = script.read_text().splitlines()[-1].split()
    assert words[:3] == ["exec", "make", "test"]


@pytest.mark.slow
def test_the_wheel_of_the_source_archive_is_that_of_the_clone(clone: Path, tmp_path: Path) -> None:
    uv = Path(sys.executable).parent / "uv"
    build = [str(uv), "build", "--quiet", "--build-constraint", str(CONSTRAINTS)]
    for flag, target in (("--sdist", "archive"), ("--wheel", "direct")):
        subprocess.run([*build, flag, "--out-dir", tmp_path / target, clone], check=True, timeout=540)
    (archive,) = (tmp_path / "archive").glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    assert (unpacked / "tests").is_dir()
    assert (unpacked / "Makefile").is_file()
    subprocess.run([*build, "--wheel", "--out-dir", tmp_path / "again", unpacked], check=True, timeout=540)
    names = _names(tmp_path / "direct")
    assert _names(tmp_path / "again") == names
    assert {f"devidp/seed/profiles/{name}.yaml" for name in profile.names()} <= set(names)


def _names(folder: Path) -> list[str]:
    (wheel,) = folder.glob("*.whl")
    assert wheel.name.startswith(f"devidp-{__version__}-")
    return sorted(zipfile.ZipFile(wheel).namelist())


def test_every_dependency_has_a_lower_bound() -> None:
    every = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
    assert not [requirement for requirement in every if ">=" not in requirement]

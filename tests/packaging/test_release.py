"""A release: its version and date by one command, and what would be published, built and used."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.metadata import Metadata

from devidp import __version__
from tests.packaging.dockerfile import ROOT
from tests.packaging.release import Refused, release
from tests.packaging.release_check import Refused as NotReady
from tests.packaging.release_check import check, check_links

REPOSITORY = "https://git.example/devidp"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What a release changes."""
    (tmp_path / "devidp").mkdir()
    (tmp_path / "devidp/__init__.py").write_text('"""devidp."""\n\n__version__ = "0.1.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.0.9 (2026-01-01)\n\n- Old.\n"
    )
    return tmp_path


def test_a_release_sets_the_version_and_dates_the_changes(project: Path) -> None:
    release(project, "0.2.0", "2026-11-28")
    assert '__version__ = "0.2.0"\n' in (project / "devidp/__init__.py").read_text()
    assert "## 0.2.0 (2026-11-28)\n\n- New.\n\n## 0.0.9" in (project / "CHANGELOG.md").read_text()


@pytest.mark.parametrize(
    ("version", "reason"),
    [("", "expected a version"), ("next", "expected a version"), ("v0.2.0", "the normal form"),
     ("0.0.9", "was not released"), ("0.0.1", "was not released")],
)  # fmt: skip
def test_a_version_that_makes_no_release_is_refused(project: Path, version: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        release(project, version, "2026-11-28")


def test_without_changes_there_is_nothing_to_release(project: Path) -> None:
    release(project, "0.1.0", "2026-11-28")
    (project / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 0.1.0 (2026-11-28)\n\n- New.\n")
    with pytest.raises(Refused, match="nothing to release"):
        release(project, "0.2.0", "2026-11-29")


def test_the_owner_has_not_chosen_a_licence_and_contributing_says_so() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "license" not in project
    assert not any(line.startswith("License") for line in project["classifiers"])
    assert "licence is the owner's choice" in (ROOT / "CONTRIBUTING.md").read_text()


@pytest.mark.slow
def test_what_would_be_published_is_built_and_used(tmp_path: Path) -> None:
    said = list(check(ROOT, REPOSITORY, tmp_path / "dist"))
    assert len(said) == 6
    assert {path.name for path in (tmp_path / "dist").iterdir()} == {
        f"devidp-{__version__}-py3-none-any.whl",
        f"devidp-{__version__}.tar.gz",
    }


@pytest.mark.parametrize(
    ("description", "repository", "reason"),
    [
        ("[All](docs/index.md)", "", "is empty, so the links"),
        ("[All](docs/index.md)", REPOSITORY, "lead nowhere on a package index: docs/index.md"),
        ("[All](https://git.example/devidp/blob/v1/docs/index.md) [here](#here)", REPOSITORY, "no addresses"),
    ],
)
def test_links_that_lead_nowhere_make_no_release(description: str, repository: str, reason: str) -> None:
    found = Metadata.from_raw({"metadata_version": "2.4", "name": "devidp", "version": "1", "description": description})
    with pytest.raises(NotReady, match=reason):
        check_links(found, repository)

"""Builds what would be published, and uses it: ``python -m tests.packaging.release_check REPOSITORY``."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from packaging.metadata import Metadata

from devidp import __version__
from tests.packaging.dockerfile import ROOT
from tests.packaging.pins import CONSTRAINTS

SETTING = 'repository = ""'
USE = """
import json, urllib.request
from devidp import DevIdP, __version__
import devidp.pytest_plugin
with DevIdP() as idp:
    assert idp.token(user="alice").count(".") == 2
    with urllib.request.urlopen(idp.url + "/_devidp/") as page:
        assert b"Flows" in page.read()
print(__version__)
"""


class Refused(Exception):
    """What has to change before a release."""


def check(root: Path, repository: str, dist: Path) -> Iterator[str]:
    """What was checked, one thing after the other; raises Refused. The archives are left in ``dist``."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        first, second = (_built(root, work / name, repository) for name in ("first", "second"))
        if _hashes(first) != _hashes(second):
            raise Refused("two builds of the same files differ")
        yield "two builds in different folders are the same, to the byte"
        (wheel,), (source,) = first.glob("*.whl"), first.glob("*.tar.gz")
        _check_metadata(_of_wheel(wheel))
        _check_metadata(_of_source(source))
        yield "the metadata is valid, has authors and classifiers, and no licence, which is the owner's choice"
        for archive in (wheel, source):
            _use(archive, work / archive.name)
            yield f"{archive.name} installs in an environment of its own, issues a token and shows its dashboard"
        metadata = _of_wheel(wheel)
        shutil.rmtree(dist, ignore_errors=True)
        shutil.copytree(first, dist)
    _check_changelog(root)
    yield f"CHANGELOG.md has a section for {__version__}"
    check_links(metadata, repository or _setting(root))
    yield "every link of the README leads to the repository, or to a heading"


def _setting(root: Path) -> str:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found: str = project["tool"]["hatch"]["metadata"]["hooks"]["custom"]["repository"]
    return found


def _built(root: Path, folder: Path, repository: str) -> Path:
    """The archives of a copy of the project."""
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, files):
        if (root / name).is_file():
            (folder / "project" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, folder / "project" / name)
    if repository:
        project = folder / "project" / "pyproject.toml"
        text = project.read_text(encoding="utf-8")
        project.write_text(re.sub(r'^repository = ".*"$', f'repository = "{repository}"', text, flags=re.MULTILINE))
    _run(
        "build", "--quiet", "--build-constraint", str(CONSTRAINTS), "--python", sys.executable,
        "--out-dir", str(folder / "dist"), str(folder / "project"),
    )  # fmt: skip
    (folder / "dist" / ".gitignore").unlink(missing_ok=True)
    return folder / "dist"


def _run(*arguments: str) -> None:
    done = subprocess.run([Path(sys.executable).with_name("uv"), *arguments], capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"uv {arguments[0]} failed:\n{done.stderr}")


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def _of_wheel(wheel: Path) -> Metadata:
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (each for each in opened.namelist() if each.endswith(".dist-info/METADATA"))
        return Metadata.from_email(opened.read(name))


def _of_source(source: Path) -> Metadata:
    with tarfile.open(source) as opened:
        (member,) = (
            each for each in opened.getmembers() if each.name.count("/") == 1 and each.name.endswith("PKG-INFO")
        )
        found = opened.extractfile(member)
        assert found is not None
        return Metadata.from_email(found.read())


def _check_metadata(metadata: Metadata) -> None:
    if metadata.author is None and metadata.author_email is None:
        raise Refused("the metadata names no author")
    if "Framework :: Pytest" not in (metadata.classifiers or ()):
        raise Refused("the classifiers do not say that devidp is a plugin of pytest")
    if str(metadata.version) != __version__:
        raise Refused(f"the metadata has version {metadata.version}, devidp is {__version__}")


def _use(archive: Path, folder: Path) -> None:
    _run("venv", "--quiet", "--python", sys.executable, str(folder))
    python = folder / "bin" / "python"
    _run(
        "pip", "install", "--quiet", "--python", str(python), "--constraint", str(CONSTRAINTS),
        "--build-constraint", str(CONSTRAINTS), str(archive), "pytest",
    )  # fmt: skip
    said = subprocess.run([python, "-I", "-c", USE], cwd=folder, capture_output=True, text=True)
    if said.stdout.strip() != __version__:
        raise Refused(f"{archive.name} is installed and does not work:\n{said.stderr}")


def _check_changelog(root: Path) -> None:
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    if f"## {__version__} (" not in changelog and "## Unreleased\n" not in changelog:
        raise Refused(f"CHANGELOG.md has no section for {__version__}: make release VERSION={__version__}")


def check_links(metadata: Metadata, repository: str) -> None:
    if not repository:
        raise Refused(
            "`repository` in pyproject.toml is empty, so the links of the README would lead nowhere. "
            "Set it, or try one: make release-check REPOSITORY=https://…"
        )
    text = metadata.description or ""
    wrong = [
        link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith((repository, "#", "https://"))
    ]
    if wrong:
        raise Refused(f"links of the README lead nowhere on a package index: {' '.join(wrong)}")
    if not (metadata.project_urls or {}).get("Source"):
        raise Refused("the metadata has no addresses of the project")


if __name__ == "__main__":
    try:
        for line in check(ROOT, sys.argv[1], ROOT / "dist"):
            print(f"ok   {line}")
    except Refused as refused:
        sys.exit(f"error: {refused}")
    print("dist/ has what can be published; nothing was published")

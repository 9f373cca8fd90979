"""Reads files of pinned versions, and compares an environment with them."""

from __future__ import annotations

import sys
import sysconfig
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.packaging.dockerfile import ROOT

CONSTRAINTS = ROOT / "tests/constraints.txt"
BROUGHT_BY_PYTHON = {"setuptools"} if sys.version_info < (3, 12) else set()
"""What `python -m venv` puts into an environment besides pip: no release on an index changes its version."""


def pins(file: Path = CONSTRAINTS) -> list[Requirement]:
    """Each line of the file that is not a comment."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.lstrip().startswith("#")]


def pinned(file: Path = CONSTRAINTS, python: str = "") -> dict[str, Version]:
    """The version of each package that the file pins for Python ``python`` (``3.14``), by default for this one."""
    markers = {"python_version": python, "python_full_version": f"{python}.0"} if python else {}
    found: dict[str, Version] = {}
    for pin in pins(file):
        if pin.marker is None or pin.marker.evaluate(markers):
            name = canonicalize_name(pin.name)
            assert name not in found, f"{file.name} has more than one version of {name} for one Python"
            found[name] = Version(str(pin.specifier).removeprefix("=="))
    return found


def not_as_pinned(environment: Path, file: Path = CONSTRAINTS) -> list[str]:
    """What is installed in a virtual environment and is not pinned to that very version."""
    folder = sysconfig.get_path("purelib", "venv", {"base": str(environment)})
    wanted, found = pinned(file), []
    for distribution in metadata.distributions(path=[folder]):
        name = canonicalize_name(distribution.name)
        if name not in {"devidp", *BROUGHT_BY_PYTHON} and wanted.get(name) != Version(distribution.version):
            found.append(f"{name}: got {distribution.version}, {file.name} has {wanted.get(name)}")
    assert len(list(metadata.distributions(path=[folder]))) > 1, f"nothing is installed in {folder}"
    return found

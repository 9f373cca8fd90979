"""Gives the unreleased changes a version and a date: ``python -m tests.packaging.release 0.2.0``."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from packaging.version import InvalidVersion, Version

from tests.packaging.dockerfile import ROOT

UNRELEASED = "## Unreleased\n"
LINE = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


class Refused(Exception):
    """The message says what to change."""


def release(root: Path, text: str, date: str) -> None:
    """Set the version of the project at ``root``, and head its unreleased changes with it; raises Refused."""
    module, changes = root / "devidp" / "__init__.py", root / "CHANGELOG.md"
    source, changelog = module.read_text(encoding="utf-8"), changes.read_text(encoding="utf-8")
    before = LINE.findall(source)[0]
    try:
        version = Version(text)
    except InvalidVersion:
        raise Refused(f"got {text!r}, expected a version: make release VERSION=0.2.0") from None
    if str(version) != text:
        raise Refused(f"got {text!r}, expected the normal form of it: {version}")
    if version < Version(before) or f"## {text}" in changelog:
        raise Refused(f"got {text}, expected a version that was not released; devidp is {before}")
    section = changelog.partition(UNRELEASED)[2].partition("\n## ")[0]
    if not section.strip():
        raise Refused(f"CHANGELOG.md has nothing under {UNRELEASED.strip()!r}: there is nothing to release")
    module.write_text(LINE.sub(f'__version__ = "{text}"', source), encoding="utf-8")
    changes.write_text(changelog.replace(UNRELEASED, f"## {text} ({date})\n", 1), encoding="utf-8")


if __name__ == "__main__":
    try:
        release(ROOT, sys.argv[1], datetime.now(UTC).strftime("%Y-%m-%d"))
    except Refused as refused:
        sys.exit(f"error: {refused}")
    print(f"devidp {sys.argv[1]}: review the difference, then make test test-lowest release-check")

"""Programs that run on Node, with the packages that ``make test-setup`` puts beside them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.real_clients.program import ROOT

FOLDER = Path(__file__).parent / "node-mcp"
PACKAGES = FOLDER / "node_modules"


def node() -> str:
    """The interpreter that comes with the packages: some of them need a newer one than systems have."""
    program = PACKAGES / "node" / "bin" / "node"
    assert program.exists(), f"{program} is missing: run `make test-setup`"
    return str(program)


def application(*arguments: str) -> list[str | Path]:
    """The command of ``application.mjs``, an application with an MCP SDK."""
    return [node(), FOLDER / "application.mjs", *arguments]


def package(*path: str) -> list[str]:
    """The command line of a program in a package."""
    return [node(), str(PACKAGES.joinpath(*path))]


def with_browser(home: Path) -> dict[str, str]:
    """An environment in which opening a browser starts the scripted person, and ``home`` is the user's folder."""
    opener = home / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\ncd "{ROOT}" && exec "{sys.executable}" -m tests.real_clients.browser "$1" &\n')
    opener.chmod(0o755)
    path = f"{opener.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "BROWSER": str(opener), "HOME": str(home)}


def with_packages(home: Path) -> dict[str, str]:
    """An environment in which npx finds what is installed, and runs it with the Node that comes with it."""
    environment = with_browser(home)
    return {**environment, "PATH": f"{Path(node()).parent}{os.pathsep}{environment['PATH']}"}

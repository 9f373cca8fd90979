"""Programs that run a vendor's package on Node, unchanged."""

from __future__ import annotations

from pathlib import Path

from tests.real_clients.node import node

FOLDER = Path(__file__).parent / "node"
PACKAGES = FOLDER / "node_modules"


def program_line(name: str) -> list[str | Path]:
    """The command of the program of this name beside the packages, which ``make test-setup`` installs."""
    assert PACKAGES.exists(), f"{PACKAGES} is missing: run `make test-setup`"
    return [node(), FOLDER / f"{name}.mjs"]

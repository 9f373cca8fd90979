"""The tools, the scope map and the documentation name the same tools."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from devidp.tools.demo.caller import Caller
from devidp.tools.demo.permissions import TOOLS_FILE, load
from devidp.tools.demo.tools import TOOLS

DOCUMENT = Path(__file__).parents[3] / "docs" / "demo.md"
EVERYTHING = Caller("alice", "web", "acme", frozenset({"mcp:read", "mcp:write", "mcp:admin"}), "1", "2", 0)


def test_every_tool_has_a_rule_and_every_rule_a_tool() -> None:
    rules = re.findall(r"(?m)^(\w+):", TOOLS_FILE.read_text(encoding="utf-8"))
    assert rules == list(TOOLS)
    assert all(load({}).visible(name, EVERYTHING) for name in TOOLS)


def test_every_tool_is_documented_and_no_other() -> None:
    table = DOCUMENT.read_text(encoding="utf-8").partition("## Its tools")[2].partition("The map")[0]
    first_cells = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    names = {name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)}
    assert names == set(TOOLS)


def test_a_rule_that_protects_nothing_is_a_mistake_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "tools.yaml"
    file.write_text("status: {}\n")
    with pytest.raises(ValueError, match="either public or needs a scope"):
        load({}, file)

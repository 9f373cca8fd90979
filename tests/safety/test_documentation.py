"""docs/security.md names tests, and those exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "security.md").read_text()


def test_every_test_that_the_page_names_exists() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", DOCUMENT))
    assert len(named) > 30
    assert {name for name in named if f"def {name}(" not in sources} == set()


def test_every_attack_has_a_test() -> None:
    attacks = DOCUMENT.partition("## Attacks")[2].split("\n### ")[1:]
    assert [attack.splitlines()[0] for attack in attacks if "`test_" not in attack] == []

"""docs/specifications.md: each row names a test that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
TEXT = (TESTS.parent / "docs" / "specifications.md").read_text(encoding="utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| specification ")]
NAMED = re.findall(r"`([\w/]+\.py)::(test_\w+)`", TEXT)


def test_every_row_names_a_test_or_the_page_that_does() -> None:
    assert [
        row for row in ROWS if not re.search(r"\| (`[\w/]+\.py::test_\w+`|see \[\w+\.md\]\(\w+\.md\)) \|$", row)
    ] == []


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_the_test_of_a_row_is_there(file: str, test: str) -> None:
    assert f"\ndef {test}(" in (TESTS / file).read_text(encoding="utf-8")

"""The table of docs/probe.md is what the proofs say, of the versions that are installed."""

from __future__ import annotations

import pytest

from tests.probe.servers.page import PAGE, render
from tests.probe.servers.proofs import PROOFS
from tests.proofs import unpinned


def test_the_table_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert render(page) == page, "run `make docs`"


@pytest.mark.parametrize("name", PROOFS)
def test_what_it_says_of_versions_is_what_is_pinned(name: str) -> None:
    assert PROOFS[name].pinned
    assert unpinned(PROOFS[name].pinned) == []

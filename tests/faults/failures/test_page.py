"""docs/failures.md says what the registry holds."""

from __future__ import annotations

from devidp.faults.failures import FAILURES
from tests.faults.failures.page import PAGE, TITLES, render


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run `make docs`"


def test_every_group_has_a_title() -> None:
    assert {each.group for each in FAILURES.values()} == set(TITLES)

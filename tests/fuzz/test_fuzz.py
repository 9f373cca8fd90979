"""A short run of what `make fuzz` does at length."""

from __future__ import annotations

from flask import Flask

from tests.fuzz.drive import drive


def test_whatever_is_sent_no_answer_is_a_defect(app: Flask) -> None:
    driven = drive(app, 3_000)
    assert driven.defects == []
    assert {200, 303, 400, 401, 404, 405, 421} <= set(driven.statuses)

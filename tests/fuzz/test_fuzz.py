"""A short run of each part of `make fuzz`."""

from __future__ import annotations

import pytest

from tests.fuzz import described, drive, smuggled
from tests.fuzz.targets import AT_ISSUERS, CONTROL


def test_whatever_is_sent_to_an_endpoint_no_answer_is_a_defect() -> None:
    driven = drive.drive(AT_ISSUERS, 2_000, 400)
    assert driven.defects == []
    assert {200, 303, 400, 401, 404, 405, 421} <= set(driven.statuses)


def test_whatever_is_sent_to_the_control_api_no_answer_is_a_defect() -> None:
    driven = drive.drive(CONTROL, 1_500, 300)
    assert driven.defects == []
    assert {200, 201, 400, 404, 405, 421} <= set(driven.statuses)


def test_the_control_api_is_as_it_describes_itself() -> None:
    assert described.drive(300).defects == []


@pytest.mark.slow
def test_whatever_comes_over_a_connection_no_answer_is_a_defect() -> None:
    driven = smuggled.drive(600)
    assert driven.defects == []
    assert {200, 400, 404, 405} <= set(driven.statuses)

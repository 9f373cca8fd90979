"""A short run of each part of `make fuzz`."""

from __future__ import annotations

import pytest

from devidp.models.config import Config
from tests.engines import Engine
from tests.fuzz import described, drive, smuggled
from tests.fuzz.targets import AT_ISSUERS, CONTROL
from tests.shipped import PUBLIC_URL


@pytest.fixture
def config(engine: Engine) -> Config:
    return Config(PUBLIC_URL, **engine.settings())


def test_whatever_is_sent_to_an_endpoint_no_answer_is_a_defect(config: Config) -> None:
    driven = drive.drive(AT_ISSUERS, 2_000, 400, config=config)
    assert driven.defects == []
    assert {200, 303, 400, 401, 404, 405, 421} <= set(driven.statuses)


def test_whatever_is_sent_to_the_control_api_no_answer_is_a_defect(config: Config) -> None:
    driven = drive.drive(CONTROL, 1_500, 300, config=config)
    assert driven.defects == []
    assert {200, 201, 400, 404, 405, 421} <= set(driven.statuses)


def test_the_control_api_is_as_it_describes_itself(config: Config) -> None:
    assert described.drive(300, config=config).defects == []


@pytest.mark.slow
def test_whatever_comes_over_a_connection_no_answer_is_a_defect() -> None:
    driven = smuggled.drive(600)
    assert driven.defects == []
    assert {200, 400, 404, 405} <= set(driven.statuses)

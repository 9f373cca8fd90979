"""Races over two workers: of 32 requests with one thing that may be used once, exactly one wins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.durability import race

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with race.course(tmp_path_factory.mktemp("home")) as base:
        yield base


@pytest.mark.parametrize("name", race.RACES)
def test_exactly_one_of_many_requests_wins(base: str, name: str) -> None:
    assert race.run(base, name, rounds=5) == []

"""Races over two workers: of 32 requests with one thing that may be used once, exactly one wins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.durability import race
from tests.durability.kill import free_port, served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("home"), free_port()) as (_, url):
        yield url


@pytest.mark.parametrize("name", race.RACES)
def test_exactly_one_of_many_requests_wins(url: str, name: str) -> None:
    assert race.run(url, name, rounds=5) == []

"""The clock: it runs, stands, and can be moved; everything that expires follows it."""

from __future__ import annotations

import time

import pytest

from devidp.system.clock import Clock, stopwatch

ROUNDED = 1e-5
"""Seconds that sums of such large numbers may be off."""


def test_it_shows_the_time_of_the_machine(clock: Clock) -> None:
    before = time.time()
    assert before <= clock.now() <= time.time()
    assert clock.seconds() == int(clock.seconds())


def test_it_can_be_moved_forth_and_back(clock: Clock) -> None:
    before = time.time()
    clock.advance(3600)
    assert before + 3600 <= clock.now() <= time.time() + 3600
    clock.advance(-7200)
    assert before - 3600 <= clock.now() <= time.time() - 3600


def test_a_frozen_clock_stands_and_can_be_moved(clock: Clock) -> None:
    clock.freeze()
    at = clock.now()
    assert clock.now() == at
    clock.advance(1.5)
    assert clock.now() == at + 1.5


def test_it_goes_on_from_where_it_stood(clock: Clock) -> None:
    clock.freeze()
    clock.advance(1000)
    at, before = clock.now(), time.time()
    for _ in range(2):
        clock.resume()
        assert at <= clock.now() <= at + time.time() - before + ROUNDED


@pytest.mark.parametrize("frozen", [True, False])
def test_it_can_be_set(clock: Clock, frozen: bool) -> None:
    if frozen:
        clock.freeze()
    before = time.time()
    clock.set(2_000_000_000)
    assert -ROUNDED <= clock.now() - 2_000_000_000 <= time.time() - before + ROUNDED
    assert (clock.now() == 2_000_000_000) == frozen


def test_a_reset_brings_it_back(clock: Clock) -> None:
    clock.freeze()
    clock.set(5)
    clock.reset()
    before = time.time()
    assert before <= clock.now() <= time.time()


def test_the_stopwatch_cannot_be_set(clock: Clock) -> None:
    before = stopwatch()
    clock.set(0)
    assert stopwatch() >= before

"""The cache meter: how long a target goes on as before, measured with two kinds of tokens side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from devidp.probe.exchange import Answer
from devidp.probe.options import Watch
from devidp.probe.subject import NOT_ASKED, Subject

FIRST, GROWTH, LONGEST = 0.1, 1.5, 2.0
"""Seconds between two looks: few at the beginning, where most targets notice."""
STEADY = 3
"""So many answers in a row: of several workers each has a cache of its own."""


@dataclass(slots=True)
class Expected:
    """A call, and the answer to it that is waited for."""

    ask: Callable[[], Answer]
    holds: Callable[[Answer], bool]
    since: float | None = None
    """Seconds until the first of the answers that all were as expected; ``None``: the last one was not."""
    answer: Answer = NOT_ASKED
    """The last one."""
    steady: int = STEADY
    """So many of them are enough."""
    _in_a_row: int = 0

    def look(self, seconds: float) -> None:
        self.answer = self.ask()
        if not self.holds(self.answer):
            self.since, self._in_a_row = None, 0
            return
        self.since = seconds if self.since is None else self.since
        self._in_a_row += 1

    @property
    def is_steady(self) -> bool:
        return self._in_a_row >= self.steady


def measure(watch: Watch, patience: float, *expected: Expected) -> None:
    """Look at all of them in turn, until all are steady, or ``patience`` seconds are over."""
    began, wait = watch.elapsed(), FIRST
    while True:
        for each in expected:
            each.look(watch.elapsed() - began)
        left = patience - (watch.elapsed() - began)
        if left <= 0 or all(each.is_steady for each in expected):
            return
        watch.pause(min(wait, left))
        wait = min(wait * GROWTH, LONGEST)


def accepted(subject: Subject, ask: Callable[[], Answer]) -> Expected:
    return Expected(ask, subject.is_sound)


def refused(subject: Subject, ask: Callable[[], Answer]) -> Expected:
    """Any answer but that to a sound token; the sound call beside it tells whether the target fell over."""
    return Expected(ask, lambda answer: answer.complete and not subject.is_sound(answer))

"""One thing to try with a target, and words that choose among them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from devidp.oauth.suggestion import did_you_mean
from devidp.probe.refusal import Refused
from devidp.probe.subject import Subject
from devidp.report import Check

Level = Literal["must", "should", "advice"]
OF_THE_TARGET = ("tool-", "stranger-of-")
"""How names begin that are not known before the target is."""
LEVELS: tuple[str, ...] = get_args(Level)
CHANGES = "changes"
"""The word for all trials that run alone."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What ``--only`` and ``--skip`` name by its name, its group or its level."""

    name: str
    group: str
    level: Level
    """``must``: a specification demands the right answer; ``should``: a strict server gives it; ``advice``."""
    run: Callable[[Subject], Check]
    """Is called from several threads, once. An ApiError that it raises makes the check inconclusive."""
    alone: bool = False
    """Changes the state of devidp, or needs the target for itself: runs when nothing else does."""

    @property
    def words(self) -> tuple[str, ...]:
        return self.name, self.group, self.level, *((CHANGES,) if self.alone else ())


def select(
    trials: Iterable[Trial], only: Collection[str] = (), skip: Collection[str] = (), always: Collection[str] = ()
) -> list[Trial]:
    """Those that ``only`` names, or all, without those that ``skip`` names; raises Refused.

    ``always`` are names of checks that are made in any case.
    """
    every = list(trials)
    known = dict.fromkeys([*LEVELS, CHANGES, *always, *(word for each in every for word in (each.group, each.name))])
    for word in (*only, *skip):
        if word not in known:
            groups = ", ".join(dict.fromkeys(each.group for each in every))
            raise Refused(
                f"got {word!r}, expected a name, a group ({groups}), a level ({', '.join(LEVELS)}), or {CHANGES}. "
                f"{did_you_mean(word, list(known), 'Did you mean {}?')}".rstrip()
            )
    chosen = [each for each in every if not only or set(each.words) & set(only)]
    return [each for each in chosen if not set(each.words) & set(skip)]

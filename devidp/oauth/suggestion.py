"""What a misspelt name was most likely meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from heapq import nlargest
from itertools import islice

CUTOFF = 0.54
"""How alike names have to be, from 0 to 1: ``aud`` means ``audience``, but ``login`` does not mean ``explain``."""
MAX_SHOWN = 12
"""Known names that are shown beside a wrong one."""
MAX_COMPARED = 500
"""Known names that are looked at, since each comparison takes its time."""


def did_you_mean(name: str, known: Iterable[str], hint: str = "Did you mean {!r}? ") -> str:
    """``hint`` with the known name that is nearest to ``name``; empty where none is near."""
    found = nearest(name, known)
    return hint.format(found) if found else ""


def known_names(known: Iterable[str], most: int) -> str:
    """Known names for a message, in their order: up to ``most``, and how many more there are."""
    names = list(known)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}" if names else "none"


def nearest_first(value: str, known: Iterable[str], most: int = MAX_SHOWN) -> tuple[str, ...]:
    """Up to ``most`` of ``known``, the ones that are most like ``value`` first."""
    matcher = SequenceMatcher(None, b=value)

    def likeness(candidate: str) -> float:
        matcher.set_seq1(candidate)
        return matcher.ratio()

    return tuple(nlargest(most, islice(known, MAX_COMPARED), key=likeness))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is nearest to ``name``, whatever its case."""
    candidates = {candidate.lower(): candidate for candidate in islice(known, MAX_COMPARED)}
    found = get_close_matches(name.lower(), candidates, n=1, cutoff=CUTOFF)
    return candidates[found[0]] if found else None

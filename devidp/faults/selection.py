"""Choosing faults by words: their names, groups and levels, and where they show."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import get_args

from devidp.faults import FAULTS, GROUPS, Fault, MintRefused, unknown
from devidp.faults.registry import Evidence, Level

LEVELS: tuple[str, ...] = get_args(Level)
EVIDENCE: tuple[str, ...] = get_args(Evidence)
EVERYTHING = "all"
DEFAULT = ("must", "token")
"""What every server that verifies access tokens has to refuse, whatever else it knows."""


def select(words: Collection[str] = ()) -> list[Fault]:
    """The faults that ``words`` choose; raises MintRefused for a word that is none, and where no fault is left.

    Names and groups add up. Levels and evidence narrow the groups; without such words a group is whole. Without groups
    they narrow the faults of access tokens, all of which ``all`` chooses. A word after ``-`` takes away. Without words:
    those of access tokens that are ``must`` and of evidence ``token``.
    """
    wanted = [word for word in words if not word.startswith("-")]
    chosen = _chosen(wanted or DEFAULT)
    without = {fault.name for word in words if word.startswith("-") for fault in _chosen([word[1:]])}
    left = [fault for fault in chosen if fault.name not in without]
    if not left:
        raise MintRefused(f"The words {' '.join(words)} choose no fault", remedy="Take fewer away, or name others")
    return left


def _chosen(words: Collection[str]) -> list[Fault]:
    groups = {group.name for group in GROUPS}
    known = [*(group.name for group in GROUPS), *LEVELS, *EVIDENCE, EVERYTHING, *FAULTS]
    for word in words:
        if word not in known:
            raise unknown("fault, group, level or evidence", word, known, "`devidp faults` lists all of them")
    named_groups = groups.intersection(words)
    levels, evidence = set(LEVELS).intersection(words), set(EVIDENCE).intersection(words)
    narrowing = levels or evidence or EVERYTHING in words
    if not evidence and not named_groups and EVERYTHING not in words:
        evidence = {"token"}
    return [
        fault
        for fault in FAULTS.values()
        if fault.name in words
        or (
            (fault.group in named_groups if named_groups else narrowing and fault.applies_to[0] == "access")
            and (not levels or fault.level in levels)
            and (not evidence or fault.evidence in evidence)
        )
    ]


def coverage(tried: Collection[str], inapplicable: dict[str, str]) -> Iterable[str]:
    """Lines that say which faults of the catalogue were ``tried``, which never were, and which could not be."""
    counts = (
        f"{level} {sum(fault.name in tried for fault in of_level)} of {len(of_level)}"
        for level in LEVELS
        if (of_level := [fault for fault in FAULTS.values() if fault.level == level])
    )
    yield f"tried {sum(name in tried for name in FAULTS)} of {len(FAULTS)} faults: {', '.join(counts)}"
    for group in GROUPS:
        left = [fault for fault in group.faults if fault.name not in tried and fault.name not in inapplicable]
        if left:
            yield f"never tried, {group.name}: {' '.join(_marked(fault) for fault in left)}"
    for name, reason in inapplicable.items():
        if name not in tried:
            yield f"skipped, {name}: {reason}"


def _marked(fault: Fault) -> str:
    """The name, and what makes it one that not every server has to see."""
    marks = [*(["should"] if fault.level == "should" else []), *(["context"] if fault.evidence == "context" else [])]
    return f"{fault.name} ({', '.join(marks)})" if marks else fault.name

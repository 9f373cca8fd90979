"""What can be wrong on purpose, as people choose it: the faults of tokens and the failures of endpoints, by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from devidp.faults import FAULTS
from devidp.faults.arming import ISSUED
from devidp.faults.failures import FAILURES, Failure
from devidp.faults.registry import Fault

ANSWERS: Final = {401: "a server answers 401", 403: "a server answers 403: it is valid, and not enough"}
LEVELS: Final = {"must": "no verifier may accept it", "should": "a strict verifier refuses it"}
DUTIES: Final = {
    "refuse": "a client has to stop",
    "ignore": "a client has to go on",
    "retry": "a client has to try again",
    "report": "a client has to end with an error",
    "either": "a client may go on or end with an error",
    "avoid": "a client may not follow",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A fault or a failure, explained."""

    name: str
    group: str
    description: str
    section: str
    right: str
    """What who meets it has to do."""
    why: str
    """What comes of it otherwise; empty where the description says it."""
    where: tuple[str, ...]
    """The types of token or the endpoints that it can happen to; empty: to all."""
    options: Mapping[str, type]

    def has(self, words: Sequence[str]) -> bool:
        """Whether all ``words`` are in it, each anywhere."""
        text = f"{self.name} {self.group} {self.description} {self.section} {self.why} {' '.join(self.where)}".lower()
        return all(word in text for word in words)


def _fault(fault: Fault) -> Entry:
    right = f"{LEVELS[fault.level]}; {ANSWERS[fault.status]}"
    where = tuple(each for each in ISSUED if each in fault.applies_to)
    return Entry(fault.name, fault.group, fault.description, fault.section, right, "", where, {})


def _failure(failure: Failure) -> Entry:
    expects = failure.expects
    return Entry(
        failure.name,
        failure.group,
        failure.description,
        failure.section,
        DUTIES[expects.duty],
        expects.why,
        failure.endpoints,
        failure.options,
    )


ARMABLE: Final = {fault.name: entry for fault in FAULTS.values() if (entry := _fault(fault)).where}
"""The faults that tokens of real flows can have."""
ENDPOINTS: Final = {failure.name: _failure(failure) for failure in FAILURES.values()}
"""The failures of endpoints."""


def groups(entries: Mapping[str, Entry]) -> list[tuple[str, int]]:
    """The groups in the order of the catalogue, and how many are in each."""
    names = [entry.group for entry in entries.values()]
    return [(name, names.count(name)) for name in dict.fromkeys(names)]


def search(entries: Mapping[str, Entry], query: str, group: str) -> list[Entry]:
    """Those of ``group``, or of any, that have every word of ``query``."""
    words = query.lower().split()
    return [entry for entry in entries.values() if group in ("", entry.group) and entry.has(words)]

"""Every kind of finding of the judge: what a client did wrong in which scenario."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from devidp.judge import catalogue, habits
from devidp.judge.scenarios import Scenario
from devidp.report import Kind, Severity

COMMON_WORD = re.compile(r"[A-Z][a-z]*\b(?!-)")
PREFIX = {"refuse": "followed", "avoid": "followed", "ignore": "failed-at", "retry": "gave-up-on", "report": "hid"}
"""How a kind begins, by what the client had to do."""
_TITLE = {
    "refuse": "The client goes on",
    "avoid": "The client goes where it should not",
    "ignore": "The client fails",
    "retry": "The client gives up",
    "report": "The client says nothing",
}
LOOPS = Kind(
    "loops", Severity.MEDIUM, "The client asks again and again",
    "It keeps the issuer, the server and the user busy for nothing, and nobody learns what is wrong",
    "RFC 9110 section 9.2.2", "retry",
)  # fmt: skip
HANGS = Kind(
    "hangs", Severity.LOW, "The client neither ended nor said what is wrong",
    "Whoever waits for it learns nothing, and does not know whether to wait on",
    "RFC 9110 section 9.2.2", "errors",
)  # fmt: skip


def kind_of(scenario: Scenario) -> Kind:
    """Of a client that does not do in ``scenario`` what it has to; its name is the same at each place."""
    description = scenario.description.rstrip(".")
    first = description[:1].lower() + description[1:] if COMMON_WORD.match(description) else description
    return Kind(
        f"{PREFIX[scenario.duty]}-{scenario.name.partition(':')[0]}",
        scenario.severity,
        f"{_TITLE[scenario.duty]}: {first}",
        scenario.why,
        scenario.section,
        scenario.topic,
    )


def every() -> Iterator[Kind]:
    """All of them, those of scenarios in the order of the catalogue."""
    judged = (each for each in catalogue.every() if each.duty != "either")
    kinds: dict[str, Kind] = {}
    for kind in map(kind_of, judged):
        kinds.setdefault(kind.name, kind)
    yield from kinds.values()
    yield from (*habits.KINDS, LOOPS, HANGS)


def find(finding: str) -> Kind | None:
    """The kind by its name, or by the id of a finding: what is wrong may have other consequences at another place."""
    name, _, place = finding.partition(":")
    there = (each for each in catalogue.every() if each.duty != "either" and each.name.endswith(f":{place}"))
    return next((kind for kind in chain(map(kind_of, there), every()) if kind.name == name), None)

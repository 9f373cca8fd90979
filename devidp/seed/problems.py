"""What is wrong with a seed: every mistake with its place, and the words to describe a value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from devidp.oauth.suggestion import did_you_mean, known_names

Place = tuple[str | int, ...]
"""Keys and indexes from the top of the seed down to a value."""
Finding = tuple[Place, str]

MAX_SHOWN = 60
MAX_LISTED = 24

_BARE_KEY = re.compile(r"[\w:@*<-]+")


class Problem(NamedTuple):
    """One mistake. ``line`` is ``None`` where the seed is not a text; ``path`` is empty for the file as a whole."""

    file: str
    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (where, self.path, self.message) if part)


class SeedError(Exception):
    """A seed cannot be used; ``problems`` holds every reason, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class Refused(ValueError):
    """A value is not allowed. Each finding is placed relative to the value; ``up`` counts the levels above it."""

    def __init__(self, *findings: Finding | str, up: int = 0) -> None:
        self.findings = tuple(((), finding) if isinstance(finding, str) else finding for finding in findings)
        self.up = up
        super().__init__("; ".join(message for _, message in self.findings))


def format_place(place: Place) -> str:
    """A place as text: ``clients.web.redirect_uris[0]``, ``resources["http://localhost:8000/mcp"].scopes``."""
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _BARE_KEY.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(truncate(part), ensure_ascii=False)}]"
    return text


def places(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """Everything in ``value``, with its place; what holds others before them."""
    if place:
        yield place, value
    inside = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from places(each, (*place, key))


def as_list(text: str) -> str:
    """``text`` as the list that was meant, where a list is expected."""
    return f"[{', '.join(text.replace(',', ' ').split())}]"


def truncate(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."


def describe(value: object) -> str:
    """A value as the beginning of a message: ``got 'x'``."""
    if isinstance(value, str):
        return f"got {truncate(value)!r}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"got the number {value!r:.{MAX_SHOWN}}"
    return describe_kind(value)


def describe_kind(value: object) -> str:
    """The kind of a value as the beginning of a message: for what may be a secret."""
    if value is None:
        return "got nothing"
    if isinstance(value, bool):
        return f"got {str(value).lower()}"
    kinds = ((str, "text"), (int | float, "a number"), (dict, "a mapping"), (list, "a list"))
    return f"got {next((words for kind, words in kinds if isinstance(value, kind)), f'a {type(value).__name__}')}"


def suggestion(name: str, known: Iterable[str]) -> str:
    """The end of a message: ``; did you mean 'redirect_uris'?``, or nothing where no known name is near."""
    return did_you_mean(name, known, "; did you mean {!r}?")


def join_names(known: Iterable[str]) -> str:
    """Known names for a message, in their order; a long list is cut."""
    return known_names(known, MAX_LISTED)

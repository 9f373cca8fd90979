"""A request to the target, and its answer as it came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Headers = tuple[tuple[str, str], ...]
Problem = Literal["", "unknown-host", "refused", "untrusted", "no-tls", "timeout", "dropped", "endless", "malformed"]
"""Why an answer is missing or incomplete, from the name of the host to the body."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; ``headers`` may hold a name twice."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``status`` is ``None`` where nothing did."""

    status: int | None
    headers: Headers = ()
    body: bytes = b""
    """The beginning of it."""
    seconds: float = 0.0
    problem: Problem = ""
    request: Request | None = None
    """What it answers."""

    @property
    def complete(self) -> bool:
        return self.status is not None and not self.problem

    @property
    def media_type(self) -> str:
        """In lower case, without parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def members(self) -> dict[str, Any]:
        """Of the JSON object in the body; empty where there is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def all(self, name: str) -> Iterator[str]:
        """The values of every header of this name."""
        return (value for each, value in self.headers if each.lower() == name.lower())

    def header(self, name: str) -> str:
        """The first value of the header; empty without one."""
        return next(self.all(name), "")


class Transport(Protocol):
    """How requests reach the target: over HTTP, or by calling an application."""

    def send(self, request: Request, seconds: float) -> Answer:
        """The answer within ``seconds``; never raises for what the target does."""

"""The checks of one kind of thing, in order, and what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

Facts = TypeVar("Facts")
Verdict = Literal["pass", "warn", "fail"]

ALL = ("every client",)
PYTHON, TYPESCRIPT = "MCP Python SDK", "MCP TypeScript SDK"
REMOTE, INSPECTOR = "mcp-remote (Claude Desktop)", "MCP Inspector"
CLAUDE_CODE, CODEX, CLOUD = "Claude Code", "Codex", "claude.ai and ChatGPT"


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict of one check; ``remedy`` and ``clients`` are empty where all is well."""

    verdict: Verdict
    reason: str
    remedy: str = ""
    clients: tuple[str, ...] = ()
    """Who would fail on it."""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All findings on one URL, in the order in which a client would run into them."""

    url: str
    kind: Literal["MCP server", "issuer"]
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.verdict == "fail"]


def good(reason: str) -> Finding:
    return Finding("pass", reason)


def doubtful(reason: str, remedy: str, *clients: str) -> Finding:
    return Finding("warn", reason, remedy, clients)


def bad(reason: str, remedy: str, *clients: str) -> Finding:
    return Finding("fail", reason, remedy, clients or ALL)


Check = Callable[[Facts], Finding | None]


class Checks(Generic[Facts]):
    """Functions that look at facts. ``None`` from a check: there is nothing that it could judge."""

    def __init__(self) -> None:
        self._all: list[tuple[str, str, Check[Facts]]] = []

    def add(self, check: Check[Facts]) -> Check[Facts]:
        """Decorator: the name of the function is that of the check."""
        return self.needs("")(check)

    def needs(self, fact: str) -> Callable[[Check[Facts]], Check[Facts]]:
        """Decorator of a check that is skipped where ``fact`` is empty."""

        def add(check: Check[Facts]) -> Check[Facts]:
            self._all.append((check.__name__.replace("_", "-"), fact, check))
            return check

        return add

    @property
    def names(self) -> list[str]:
        return [name for name, _, _ in self._all]

    def run(self, facts: Facts) -> Iterator[Finding]:
        for name, fact, check in self._all:
            found = check(facts) if not fact or getattr(facts, fact) else None
            if found is not None:
                yield replace(found, check=name)

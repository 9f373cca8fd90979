"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
    """The name of the check, which whoever runs it puts here."""


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

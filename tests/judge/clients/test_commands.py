"""Clients that are commands: mcp-remote, the bridge of Claude Desktop, and the command line of MCP Inspector."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from devidp.report import Report
from tests.cli.running import run
from tests.judge.clients.proofs import check
from tests.real_clients.inspector import CALL, INSPECTOR
from tests.real_clients.node import package

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
CHOSEN = (
    "iss-wrong", "state-changed", "issuer-mismatch", "pkce-missing", "endpoint-foreign:token_endpoint", "error:token",
    "token-type-unknown", "resource-metadata-of-another", "resource-refuses-always",
)  # fmt: skip
"""Every attempt starts the program, which takes seconds: one of each kind of danger."""


def judged(folder: Path, *command: str, **variables: str) -> Report:
    chosen = [word for name in CHOSEN for word in ("--scenario", name)]
    ended = run(folder, "judge", "--client", shlex.join(command), "--json", "--fail-on", "never", *chosen, **variables)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return Report.from_json(ended.stdout)


def test_mcp_remote(tmp_path: Path) -> None:
    check(judged(tmp_path, *package("mcp-remote", "dist", "proxy.js"), "{url}"), "mcp-remote")


def test_inspector(tmp_path: Path) -> None:
    settings = {"MCP_AUTO_OPEN_ENABLED": "true", "MCP_INSPECTOR_SECRET_STORE": "file"}
    check(judged(tmp_path, *package(*INSPECTOR), "--cli", "{url}", *CALL, "whoami", **settings), "inspector")

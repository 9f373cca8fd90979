"""The command line of MCP Inspector."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.real_clients.node import package, with_browser

INSPECTOR = ("@modelcontextprotocol", "inspector", "clients", "launcher", "build", "index.js")
CALL = ["--method", "tools/call", "--format", "json", "--tool-name"]


def environment_at(home: Path) -> dict[str, str]:
    """One in which it opens the browser, and keeps its tokens in ``home``."""
    return {**with_browser(home), "MCP_AUTO_OPEN_ENABLED": "true", "MCP_INSPECTOR_SECRET_STORE": "file"}


def call(server: str, environment: dict[str, str], tool: str = "whoami", *arguments: str) -> str:
    given = ["--tool-arg", *arguments] if arguments else []
    command = [*package(*INSPECTOR), "--cli", server, *CALL, tool, *given]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return str(answer["result"]["content"][0]["text"])

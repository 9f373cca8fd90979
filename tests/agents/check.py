"""Claude Code and Codex, by the commands that ``devidp connect`` prints: ``make agents``.

Not part of ``make test``: they are large, and other people's programs. No account is needed: the model is a script.
"""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from devidp.connect import CLIENTS, Target
from tests.agents.model import TOOL, model_served
from tests.cli.running import Running
from tests.clients.node import node, with_browser
from tests.clients.secure import trusting
from tests.demo.running import demo_running, mcp_server

PROGRAMS = Path(__file__).parent / "node_modules" / ".bin"
DEADLINE = 90


@pytest.fixture(params=["http", "https"])
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("demo")
    with demo_running(home, *(["--tls"] if request.param == "https" else [])) as started, ExitStack() as stack:
        if request.param == "https":
            stack.enter_context(trusting(home / "data" / "tls" / "ca.pem", monkeypatch))
        yield started


@pytest.fixture
def environment(demo: Running, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The programs on the path, a scripted person at the browser, and a scripted model; all trust the demo."""
    assert demo.process.poll() is None
    found = with_browser(tmp_path)
    path = os.pathsep.join((str(PROGRAMS), str(Path(node()).parent), found["PATH"]))
    with model_served() as model:
        yield {
            **found,
            "PATH": path,
            "ANTHROPIC_BASE_URL": model,
            "ANTHROPIC_API_KEY": "none",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "ENABLE_TOOL_SEARCH": "false",
            "MCP_CONNECTION_NONBLOCKING": "false",
            "OPENAI_BASE_URL": f"{model}/v1",
            "OPENAI_API_KEY": "none",
        }


def connect(client: str, server: str, environment: dict[str, str]) -> None:
    """Run what is printed for the client, at a terminal."""
    (snippet,) = CLIENTS[client].snippets(Target(server, "devidp"))
    at_terminal(["sh", "-e", "-c", snippet.text], environment)


def at_terminal(command: list[str], environment: dict[str, str]) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, env=environment, cwd=environment["HOME"], stdin=theirs, stdout=theirs, stderr=theirs
    ) as running:
        os.close(theirs)
        said = b""
        while part := _part(ours):
            said += part
    os.close(ours)
    assert running.wait(DEADLINE) == 0, said.decode(errors="replace")


def _part(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux's way of saying that nobody is at the other end any more
        return b""


def called(demo: Running) -> str:
    """The line of the demo server on the call."""
    return demo.error(f'"tool": "{TOOL}"')


def test_claude_code_logs_in_and_calls_a_tool(demo: Running, environment: dict[str, str]) -> None:
    connect("claude-code", mcp_server(demo), environment)
    command = ["claude", "-p", "Call the tool.", "--allowedTools", f"mcp__devidp__{TOOL}"]
    at_terminal(command, environment)
    line = called(demo)
    assert '"client": "https://claude.ai/oauth/claude-code-client-metadata"' in line
    assert '"sub": "alice"' in line
    assert '"outcome": "allowed"' in line


def test_codex_logs_in_and_calls_a_tool(demo: Running, environment: dict[str, str]) -> None:
    connect("codex", mcp_server(demo), environment)
    provider = (
        f'model_providers.script={{name="script",base_url="{environment["OPENAI_BASE_URL"]}",'
        'env_key="OPENAI_API_KEY",wire_api="responses"}'
    )
    command = [
        "codex", "exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "-c", provider,
        "-c", "model_provider=script", "-c", "model=script", "Call the tool.",
    ]  # fmt: skip
    at_terminal(command, environment)
    line = called(demo)
    assert '"client": "https://chatgpt.com/oauth/codex/client.json"' in line
    assert '"outcome": "allowed"' in line

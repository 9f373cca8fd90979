"""Claude Code and Codex, by the commands that ``devidp connect`` prints: ``make agents``.

Not part of ``make test``: they are large, and other people's programs. No account is needed: the model is a script.
"""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from devidp.connect import CLIENTS, Target
from tests.agents.model import TOOL, model_served
from tests.cli.running import Running
from tests.real_clients.node import node, with_browser
from tests.real_clients.recipes import recipes
from tests.real_clients.secure import trusting
from tests.tools.demo.running import demo_running, mcp_server

PROGRAMS = Path(__file__).parent / "node_modules" / ".bin"
DEADLINE = 90
CALL = ["claude", "-p", "Call the tool.", "--allowedTools", f"mcp__devidp__{TOOL}"]
DOCUMENT, TITLE = "docs/clients.md", "Claude Code, managed by an enterprise"
Make = Callable[[], dict[str, str]]


@pytest.fixture
def enterprise(tmp_path: Path) -> list[str]:
    """The flags of the documented demo."""
    seed = tmp_path / "enterprise.yaml"
    seed.write_text(recipes(DOCUMENT, "yaml")[TITLE])
    return ["--tls", "--seed", str(seed)]


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
def environment_of(tmp_path: Path) -> Iterator[Make]:
    """Makes one: programs on the path, a scripted person at the browser, and a scripted model."""
    with model_served() as model:

        def make() -> dict[str, str]:
            found = with_browser(tmp_path)
            path = os.pathsep.join((str(PROGRAMS), str(Path(node()).parent), found["PATH"]))
            return {
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

        yield make


@pytest.fixture
def environment(demo: Running, environment_of: Make) -> dict[str, str]:
    """One that trusts the demo, which has been started before."""
    assert demo.process.poll() is None
    return environment_of()


def connect(client: str, server: str, environment: dict[str, str]) -> None:
    """Run what is printed for the client, at a terminal."""
    (snippet,) = CLIENTS[client].snippets(Target(server, "devidp"))
    at_shell(snippet.text, environment)


def at_shell(commands: str, environment: dict[str, str]) -> None:
    at_terminal(["sh", "-e", "-c", commands], environment)


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
    at_terminal(CALL, environment)
    line = called(demo)
    assert '"client": "https://claude.ai/oauth/claude-code-client-metadata"' in line
    assert '"sub": "alice"' in line
    assert '"outcome": "allowed"' in line


def test_claude_code_is_let_in_for_a_login_at_the_identity_provider(
    enterprise: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment_of: Make
) -> None:
    home = tmp_path / "demo"
    home.mkdir()
    with demo_running(home, *enterprise) as demo, trusting(home / "data" / "tls" / "ca.pem", monkeypatch):
        issuer = demo.issuer().replace("/work", "/home")
        server = mcp_server(demo)
        commands = recipes(DOCUMENT, "sh")[TITLE]
        commands = commands.replace("https://localhost:6749/home", issuer).replace("https://localhost:8000/mcp", server)
        environment = environment_of()
        at_shell(commands, environment)
        at_terminal(CALL, {**environment, "CLAUDE_CODE_ENABLE_XAA": "1"})
        line = called(demo)
    assert '"client": "claude-at-work"' in line
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

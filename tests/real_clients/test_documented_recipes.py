"""The examples of docs/clients.md do what they say."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from devidp import seed
from tests.real_clients.asgi import asgi_served
from tests.real_clients.browser import Browser
from tests.real_clients.program import BROWSER, ROOT, python_of, running
from tests.real_clients.recipes import DEVIDP, SERVER, recipes, run
from tests.serving import wsgi_served

RECIPES = recipes("docs/clients.md", "python")


@pytest.fixture
def paste(browser: Browser, capsys: pytest.CaptureFixture[str]) -> Callable[[str], str]:
    """Stands in for ``input``: opens the last address that was shown, and gives the one at which the browser ends."""

    def answer(prompt: str) -> str:
        shown = re.findall(r"http\S+", capsys.readouterr().out + prompt)
        return browser.authorize(shown[-1])

    return answer


@pytest.fixture
def mcp_server(live_url: str) -> Iterator[str]:
    def make(base_url: str) -> ASGIApp:
        app: ASGIApp = run(RECIPES["MCP Python SDK: a server"], live_url, base_url)["server"].streamable_http_app()
        return app

    with asgi_served(make) as base_url:
        yield base_url


@pytest.mark.parametrize(
    ("title", "printed"),
    [("PyJWT", "service"), ("Authlib", "Alice Anderson"), ("requests-oauthlib", "Alice Anderson")],
)
def test_a_recipe_prints_what_it_found_out(
    title: str,
    printed: str,
    live_url: str,
    paste: Callable[[str], str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT", raising=False)
    run(RECIPES[title], live_url, input=paste)
    assert capsys.readouterr().out == f"{printed}\n"


def test_the_flask_recipe_greets_the_user(live_url: str) -> None:
    application = run(RECIPES["Flask with Authlib"], live_url)["app"]
    person = Browser()
    with wsgi_served(lambda _: application) as (base_url, _):
        person.authorize(base_url, "bob")
        assert person.visit(base_url).text == "Hello Bob Brown"
    person.close()


def test_the_mcp_recipes_work_with_each_other(
    live_url: str, mcp_server: str, paste: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    run(RECIPES["MCP Python SDK: a client"], live_url, mcp_server, input=paste)
    assert capsys.readouterr().out == "alice\n"


@pytest.mark.slow
def test_the_fastmcp_recipes_work_with_each_other(live_url: str, issuer: str, tmp_path: Path) -> None:
    with running(".venv-fastmcp", "tests.real_clients.programs.fastmcp4") as program:
        server = program.ask(run=RECIPES["FastMCP: a server"].replace(DEVIDP, live_url))["server"]
        client = tmp_path / "client.py"
        client.write_text(RECIPES["FastMCP: a client"].replace(SERVER, server))
        printed = subprocess.check_output(
            [python_of(".venv-fastmcp"), "-W", "ignore", client],
            env={**os.environ, "BROWSER": BROWSER},
            cwd=ROOT,
            text=True,
            timeout=120,
        )
    assert printed.splitlines()[-1] == "alice"


def test_every_python_example_is_run_by_a_test() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [title for title in RECIPES if f'"{title}"' not in source] == []


@pytest.mark.parametrize(("title", "text"), recipes("docs/clients.md", "yaml").items())
def test_every_seed_is_one_without_mistakes_and_warnings(title: str, text: str) -> None:
    assert seed.loads(text, title).warnings == ()


ROWS = {
    "PyJWT, PyJWKClient": ["pyjwt"],
    "joserfc": ["joserfc"],
    "Authlib, `OAuth2Session` on requests": ["authlib", "requests"],
    "Authlib, `OAuth2Client` and `AsyncOAuth2Client` on httpx2": ["authlib", "httpx2"],
    "requests-oauthlib, oauthlib": ["requests-oauthlib", "oauthlib"],
    "openid-client, on Node": ["openid-client"],
    "MCP Python SDK 2, client and server": ["mcp"],
    "MCP Python SDK 1, client and server": ["mcp 1"],
    "FastMCP, client and server": ["fastmcp"],
    "MCP TypeScript SDK 1, `@modelcontextprotocol/sdk`": ["@modelcontextprotocol/sdk"],
    "MCP TypeScript SDK 2, `@modelcontextprotocol/client`": ["@modelcontextprotocol/client"],
    "mcp-remote, over stdio": ["mcp-remote"],
    "MCP Inspector, its command line": ["@modelcontextprotocol/inspector"],
    "MCP conformance suite, mode `authorization`": ["@modelcontextprotocol/conformance"],
    "Claude Code": ["@anthropic-ai/claude-code"],
    "Codex": ["@openai/codex"],
}
"""The packages of each row whose versions are pinned."""


def pinned() -> dict[str, str]:
    """Every pinned version: of Python packages by their constraints, of Node's by their package.json."""
    found: dict[str, str] = {}
    for name, suffix in (
        ("real_clients/constraints-fastmcp", ""),
        ("real_clients/constraints-mcp1", " 1"),
        ("constraints", ""),
    ):
        text = (ROOT / f"tests/{name}.txt").read_text(encoding="utf-8")
        found |= {f"{package}{suffix}": version for package, version in re.findall(r"(?m)^([\w-]+)==(\S+)", text)}
    for folder in ("real_clients/node-mcp", "real_clients/node-openid", "agents"):
        found |= json.loads((ROOT / f"tests/{folder}/package.json").read_text(encoding="utf-8"))["dependencies"]
    return found


@pytest.mark.parametrize(("row", "packages"), ROWS.items())
def test_the_table_names_the_pinned_versions(row: str, packages: list[str]) -> None:
    table = (ROOT / "docs/clients.md").read_text(encoding="utf-8")
    versions = pinned()
    assert f"| {row} | {' / '.join(versions[name] for name in packages)} |" in table

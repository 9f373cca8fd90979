"""Every client: one function that gives its snippets, and its line in CLIENTS."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from devidp.oauth.resource import is_loopback

LOGIN = "Its browser window opens: click a user, and allow what it asks for."


@dataclass(frozen=True, slots=True)
class Target:
    """The MCP server, and what the client is to call it."""

    url: str
    name: str

    @property
    def shell_url(self) -> str:
        return shlex.quote(self.url)


DEMO = Target("http://localhost:8000/mcp", "devidp")
"""That of ``devidp demo``."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Something to paste or run; ``before`` says where."""

    before: str
    kind: Literal["json", "sh"]
    text: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A client: what to paste or run, and what happens then."""

    title: str
    snippets: Callable[[Target], list[Snippet]]
    then: str
    cloud: bool = False
    """Its vendor's cloud calls the server, which therefore has to have a public https URL."""

    def note(self, target: Target) -> str:
        """What has to be done first, so that the client can call ``target`` at all; empty where that is nothing."""
        local = is_loopback(target.url)
        if self.cloud and local:
            return f"{self.title} calls from its vendor's cloud, and {target.url} is on this machine: {PUBLIC}"
        if local and target.url.startswith("https:"):
            return f"{self.title} has to trust the certificate of {target.url}: {TRUST}"
        return ""

    def text(self, target: Target) -> str:
        note = self.note(target)
        pasted = [f"{each.before}\n\n{each.text}" for each in self.snippets(target)]
        return "\n\n".join([*([f"NOTE {note}"] if note else []), *pasted, self.then])


PUBLIC = (
    "give the server and devidp public https URLs (two tunnels), start devidp with its own as --public-url, and name "
    "that of the server here with --url. Whoever has it can log in as any user: close the tunnels afterwards."
)

TRUST = (
    "where that is of devidp's own CA, start it with NODE_EXTRA_CA_CERTS and SSL_CERT_FILE (for curl "
    "CURL_CA_BUNDLE) set to the file ca.pem that devidp names when it starts."
)


def json_file(before: str, content: dict[str, Any]) -> Snippet:
    return Snippet(before, "json", json.dumps(content, indent=2))


def commands(before: str, *lines: str) -> Snippet:
    return Snippet(before, "sh", "\n".join(lines))


def _claude_desktop(target: Target) -> list[Snippet]:
    server = {"command": "npx", "args": ["-y", "mcp-remote", target.url]}
    return [
        json_file(
            "Settings > Developer > Edit Config opens claude_desktop_config.json (macOS: in ~/Library/Application "
            "Support/Claude, Windows: in %APPDATA%\\Claude). Put this into it (needs Node):",
            {"mcpServers": {target.name: server}},
        )
    ]


def _claude_code(target: Target) -> list[Snippet]:
    name = shlex.quote(target.name)
    return [commands("Run:", f"claude mcp add --transport http {name} {target.shell_url}", f"claude mcp login {name}")]


def _cursor(target: Target) -> list[Snippet]:
    return [json_file("Put this into ~/.cursor/mcp.json:", {"mcpServers": {target.name: {"url": target.url}}})]


def _vscode(target: Target) -> list[Snippet]:
    server = {"type": "http", "url": target.url}
    added = shlex.quote(json.dumps({"name": target.name, **server}))
    return [
        json_file("Put this into .vscode/mcp.json of your folder:", {"servers": {target.name: server}}),
        commands("or run:", f"code --add-mcp {added}"),
    ]


def _codex(target: Target) -> list[Snippet]:
    name = shlex.quote(target.name)
    # it logs in by itself when it is added; with the command for that as well, it would do so twice
    return [commands("Run:", f"codex mcp add {name} --url {target.shell_url}")]


def _chatgpt(target: Target) -> list[Snippet]:
    return [
        json_file(
            "Switch the developer mode on in the settings, create a connector (an app), and give it this:",
            {"Name": target.name, "MCP Server URL": target.url, "Authentication": "OAuth"},
        )
    ]


def _inspector(target: Target) -> list[Snippet]:
    command = f"npx @modelcontextprotocol/inspector --transport http --server-url {target.shell_url}"
    return [commands("Run, and leave it running:", command)]


def _curl(target: Target) -> list[Snippet]:
    script = Path(__file__).with_name("walk.sh").read_text(encoding="utf-8").rstrip()
    return [commands("Save this as walk.sh, and run it with sh walk.sh:", script.replace("@URL@", target.shell_url))]


CLIENTS = {
    "claude-desktop": Recipe("Claude Desktop", _claude_desktop, f"Restart Claude Desktop. {LOGIN}"),
    "claude-code": Recipe("Claude Code", _claude_code, LOGIN),
    "cursor": Recipe("Cursor", _cursor, f"Open Settings > MCP, and log in where the server asks for it. {LOGIN}"),
    "vscode": Recipe("VS Code", _vscode, f"Start the server with the command 'MCP: List Servers'. {LOGIN}"),
    "codex": Recipe("Codex", _codex, f"{LOGIN} Where that failed, 'codex mcp login NAME' tries it again."),
    "chatgpt": Recipe("ChatGPT", _chatgpt, LOGIN, cloud=True),
    "inspector": Recipe("MCP Inspector", _inspector, f"On the page that it opens switch the server on. {LOGIN}"),
    "curl": Recipe("curl", _curl, "It walks through what every client does, and ends with a list of tools."),
}

"""``devidp connect``: what to paste or run to bring a client to an MCP server."""

from __future__ import annotations

import click

from devidp.cli import completion
from devidp.cli.options import WEB_URL
from devidp.connect import CLIENTS, DEMO, Target
from devidp.oauth.suggestion import did_you_mean


def _client(_ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value not in CLIENTS:
        hint = did_you_mean(value, CLIENTS)
        raise click.BadParameter(f"got {value!r}, expected one of: {', '.join(CLIENTS)}. {hint}".rstrip())
    return value


@click.command(name="connect")
@click.argument("client", callback=_client, shell_complete=completion.connected)
@click.option(
    "--url",
    default=DEMO.url,
    show_default=True,
    type=WEB_URL,
    metavar="URL",
    help="The MCP server. Default: that of `devidp demo`.",
)
@click.option("--name", default=DEMO.name, show_default=True, metavar="NAME", help="Name of the server in the client.")
def command(client: str, url: str, name: str) -> None:
    """Print what to paste or run so that CLIENT uses an MCP server.

    CLIENT is claude-desktop, claude-code, cursor, vscode, codex, chatgpt, inspector or curl.

    \b
    Examples:
      devidp connect claude-code
      devidp connect cursor --url http://localhost:3000/mcp
    """
    click.echo(CLIENTS[client].text(Target(url, name)))

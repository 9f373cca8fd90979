"""``devidp mcp``: devidp's controls for a coding assistant."""

from __future__ import annotations

from functools import partial
from pkgutil import resolve_name
from typing import Any

import click

from devidp.cli.own_devidp import running_or_own, running_or_own_options


@click.command(name="mcp")
@running_or_own_options
def command(**values: Any) -> None:
    """Serve an MCP client on standard input and output, so that it controls devidp.

    For a coding assistant: it mints sound and faulty tokens, reads events, spoils answers, moves
    the clock, and probes a server. Needs the MCP SDK: pip install 'mcp>=2.3'.

    \b
    Examples:
      devidp mcp
      devidp mcp --seed seed.yaml
      claude mcp add devidp -- devidp mcp
    """
    try:
        server = resolve_name("devidp.tools.agent.server")
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"This needs {error.name}, which is not installed. Install it: pip install 'mcp>=2.3'"
        ) from error
    server.run(partial(running_or_own, values, "assistant"))

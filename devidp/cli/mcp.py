"""``devidp mcp``: devidp's controls for a coding assistant."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import click

from devidp.cli.options import BASE_URL, Port, setting
from devidp.cli.own_devidp import running_or_own


@click.command(name="mcp")
@click.option(
    "--seed", "seeds", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="Start a devidp with this seed on --port, in place of the running one. Repeatable.",
)  # fmt: skip
@setting("--control-token", metavar="TOKEN", help="Of the running devidp, where it is not on this machine.")
@setting("--port", default=6749, type=Port(1), metavar="PORT", help="Of the running devidp, or with --seed of its own.")
@setting("--url", type=BASE_URL, metavar="URL", help="Base URL of the running devidp, in place of --port.")
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

"""``devidp mcp``: devidp's controls for a coding assistant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import click

from devidp.cli.options import BASE_URL, Port, by_flag, setting
from devidp.cli.own_devidp import own_devidp
from devidp.cli.remote import chosen_url
from devidp.web.api_client import ApiClient


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
    server.run(partial(_devidp, values))


@contextmanager
def _devidp(values: dict[str, Any]) -> Iterator[ApiClient]:
    if not values["seeds"]:
        yield ApiClient(chosen_url(values["url"]) or f"http://127.0.0.1:{values['port']}", values["control_token"])
        return
    if by_flag(click.get_current_context(), "url"):
        raise click.UsageError("--seed starts a devidp, and --url names one that runs; give one of them")
    port = values["port"]
    with own_devidp(values["seeds"], port=port, public_url=f"http://localhost:{port}") as own:
        yield ApiClient(own.local_url)

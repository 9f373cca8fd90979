"""``devidp reset``: a running devidp back to its state after the start."""

from __future__ import annotations

import click

from devidp.cli.options import json_option
from devidp.cli.remote import Remote, controls, report


@click.command(name="reset")
@click.option("--keys", is_flag=True, help="Generate new keys too.")
@json_option
@controls
def command(remote: Remote, keys: bool, as_json: bool) -> None:
    """Reset a running devidp to its seed.

    That is: clock, users, clients, sessions, tokens, consents, scripted answers and events. Keys stay.

    \b
    Example:
      devidp reset
    """
    report(as_json, remote.post("/reset", keys=keys), ["back to the seed"])

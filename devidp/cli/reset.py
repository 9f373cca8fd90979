"""``devidp reset``: a running devidp back to its state after the start."""

from __future__ import annotations

import click

from devidp.cli.remote import Remote, controls


@click.command(name="reset")
@click.option("--keys", is_flag=True, help="Generate new keys too.")
@controls
def command(remote: Remote, keys: bool) -> None:
    """Reset a running devidp to its seed.

    That is: clock, users, clients, sessions, tokens, consents, scripted answers and events. Keys stay.

    \b
    Example:
      devidp reset
    """
    remote.post("/reset", keys=keys)
    click.echo("back to the seed")

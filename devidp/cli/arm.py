"""``devidp arm``: faults in the tokens that real flows get."""

from __future__ import annotations

from typing import Any

import click

from devidp.cli import completion
from devidp.cli.remote import Remote, controls
from devidp.cli.scripted import clear_option, match_options, script


@click.command(name="arm")
@click.argument("fault", required=False, shell_complete=completion.faults)
@click.option("--type", "token_type", type=click.Choice(["access", "id", "logout", "id-jag"]), help="Which token.")
@match_options
@clear_option
@controls
def command(remote: Remote, fault: str | None, **options: Any) -> None:
    """Spoil the next tokens of real flows with FAULT; without FAULT, list what is armed.

    \b
    Examples:
      devidp arm audience-missing --client web
      devidp arm expired --times 3
      devidp arm signature-bad --type id --user alice
      devidp arm --clear 3
      devidp arm --clear
    """
    script(remote, "/arm", fault, fault=fault, **options)

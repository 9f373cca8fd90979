"""``devidp arm``: faults in the tokens that real flows get."""

from __future__ import annotations

import click

from devidp.cli.matching import matching, waiting_line
from devidp.cli.remote import Remote, controls


@click.command(name="arm")
@click.argument("fault", required=False)
@matching
@click.option("--clear", is_flag=True, help="Forget what is armed: all of it.")
@controls
def command(
    url: str | None,
    port: int,
    control_token: str | None,
    fault: str | None,
    times: int,
    always: bool,
    clear: bool,
    **match: str | None,
) -> None:
    """Spoil the next tokens of real flows with FAULT; without FAULT, list what is armed.

    \b
    Examples:
      devidp arm audience-missing --client web
      devidp arm expired --times 3
      devidp arm --clear
    """
    remote = Remote(url, port, control_token)
    if clear:
        click.echo(f"{remote.delete('/arm')['cleared']} cleared")
    elif fault is not None:
        given = {name: value for name, value in match.items() if value is not None}
        # null is a value here: for ever
        members = {"fault": fault, "times": None if always else times, **given}
        click.echo(waiting_line(remote.send("POST", "/arm", members)))
    else:
        for each in remote.get("/arm")["waiting"]:
            click.echo(waiting_line(each))

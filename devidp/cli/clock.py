"""``devidp clock``: the time of a running devidp."""

from __future__ import annotations

import click

from devidp.cli.options import json_option
from devidp.cli.remote import Remote, controls, report

ACTIONS = ("show", "advance", "set", "freeze", "resume", "reset")


@click.command(name="clock", context_settings={"ignore_unknown_options": True})
@click.argument("action", type=click.Choice(ACTIONS), default="show")
@click.argument("value", required=False)
@json_option
@controls
def command(remote: Remote, action: str, value: str | None, as_json: bool) -> None:
    """Show or change the time that codes, tokens, sessions and introspection follow.

    \b
    Examples:
      devidp clock
      devidp clock advance 2h
      devidp clock set 2030-01-31T12:00:00Z
      devidp clock freeze
      devidp clock reset
    """
    if (value is not None) != (action in ("advance", "set")):
        needed = "a duration such as 2h" if action == "advance" else "an instant such as 2030-01-31T12:00:00Z"
        raise click.UsageError(f"{action} takes no value" if value is not None else f"{action} needs {needed}")
    if action == "show":
        state = remote.get("/clock")
    elif value is not None:
        state = remote.post("/clock", **{action: value})
    else:
        state = remote.post("/clock", action=action)
    shown = "frozen" if state["frozen"] else f"{state['offset']:+.0f} s from this machine's"
    report(as_json, state, [f"{state['date']} ({shown})"])

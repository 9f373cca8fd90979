"""``devidp events``: the event log of a running devidp."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import click

from devidp.cli import completion
from devidp.cli.remote import Remote, controls, texts
from devidp.models import Event
from devidp.oauth import difference
from devidp.system.event_log import as_text


@click.command(name="events")
@click.option("--endpoint", shell_complete=completion.endpoints, metavar="NAME", help="Only of this endpoint.")
@click.option("--client", shell_complete=completion.clients, metavar="ID", help="Only of this client.")
@click.option("--user", shell_complete=completion.users, metavar="NAME", help="Only of this user.")
@click.option("--error", metavar="CODE", help="Only with this error.")
@click.option("--flow", metavar="ID", help="Only of this flow.")
@click.option(
    "--where",
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=completion.criteria,
    help="Only with this in a field, or in what was asked, for instance resource=URI; may be given again.",
)
@click.option("--follow", "-f", is_flag=True, help="Follow new events until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, an object a line.")
@controls
def command(
    remote: Remote, follow: bool, as_json: bool, where: tuple[str, ...], **wanted: str | None
) -> None:  # fmt: skip
    """Show the events of a running devidp, oldest first.

    \b
    Examples:
      devidp events --endpoint token --error invalid_grant
      devidp events --where auth_method=none --where resource=http://localhost:8000/mcp
      devidp events --follow
    """
    for name, value in texts(where, "--where").items():
        if wanted.get(name) is not None:
            raise click.UsageError(f"--where: got {name!r}, which --{name} names already; give one of them")
        wanted[name] = value
    if not follow:
        for event in remote.get("/events", **wanted)["events"]:
            _print(event, as_json)
        return
    with suppress(KeyboardInterrupt):  # the way to end it
        for event in remote.follow("/events/stream", **wanted):
            _print(event, as_json)


def _print(event: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({name: value for name, value in event.items() if value or value == 0}))
        return
    shown = event_of(event)
    line = as_text(shown)
    click.echo(click.style(line, fg="red") if shown.error else line)
    for detail in difference.lines(shown.got, shown.expected):
        click.echo(detail)


def event_of(answered: dict[str, Any]) -> Event:
    """An event as the control API has it; members that this version does not know are left out."""
    return Event(**{name: value for name, value in answered.items() if name in Event._fields})

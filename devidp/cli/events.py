"""``devidp events``: the event log of a running devidp."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import click

from devidp.cli.remote import Remote, controls

FACTS = ("client", "user", "grant", "scope", "detail", "outcome", "flow")


@click.command(name="events")
@click.option("--endpoint", metavar="NAME", help="Only of this endpoint.")
@click.option("--client", metavar="ID", help="Only of this client.")
@click.option("--user", metavar="NAME", help="Only of this user.")
@click.option("--error", metavar="CODE", help="Only with this error.")
@click.option("--flow", metavar="ID", help="Only of this flow.")
@click.option("--follow", "-f", is_flag=True, help="Follow new events until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@controls
def command(remote: Remote, follow: bool, as_json: bool, **wanted: str | None) -> None:
    """Show the events of a running devidp, oldest first.

    \b
    Examples:
      devidp events --endpoint token --error invalid_grant
      devidp events --follow
    """
    if not follow:
        for event in remote.get("/events", **wanted)["events"]:
            _print(event, as_json)
        return
    with suppress(KeyboardInterrupt):  # the way to end it
        for event in remote.follow("/events/stream", **wanted):
            _print(event, as_json)


def _print(event: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({name: value for name, value in event.items() if value != ""}))
        return
    at = datetime.fromtimestamp(event["at"], UTC).astimezone().strftime("%H:%M:%S")
    facts = " ".join(f"{name}={event[name]}" for name in FACTS if event.get(name))
    refused = ""
    if event.get("error"):
        refused = f" REFUSED {event['error']}: {event.get('reason', '')} >> {event.get('remedy', '')}"
    click.echo(f"{at} {event['status']} {event['issuer']}/{event['endpoint']} {facts}{refused}")

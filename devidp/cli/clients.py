"""``devidp clients``: the clients of a running devidp."""

from __future__ import annotations

from typing import Any

import click

from devidp.cli import completion
from devidp.cli.accounts import apply, entry_argument
from devidp.cli.options import json_option
from devidp.cli.remote import Remote, controls, report
from devidp.system.clock import iso_date

ACTIONS = ("list", "show", "add", "change", "disable", "enable", "delete", "reset", "registered")


@click.command(name="clients")
@click.argument("action", type=click.Choice(ACTIONS), default="list")
@click.argument("client_id", required=False, shell_complete=completion.clients)
@entry_argument
@json_option
@controls
def command(remote: Remote, action: str, client_id: str | None, entry: tuple[str, ...], as_json: bool) -> None:
    """List the clients, or show, add, change, disable, enable or delete one; also one that registered.

    registered lists those that registered themselves, with CLIENT_ID in what they registered if it is given. reset
    takes back what was changed of one of the seed, or of one that registered.

    KEY is any key that a client has in the seed. VALUE is JSON, or else text; null takes the key away.
    issuer=NAME means one issuer alone.

    \b
    Examples:
      devidp clients
      devidp clients show web
      devidp clients disable web
      devidp clients change web dpop_bound=true consent=skipped
      devidp clients add batch secret=s 'grants=["client_credentials"]'
    """
    if action == "registered":
        if entry:
            raise click.UsageError(f"got {entry[0]!r}, but registered takes a part of a name at most")
        found = remote.get("/registrations", part=client_id)
        report(as_json, found, map(_registered, found["registrations"]))
        return
    if action != "list":
        apply(remote, "clients", "client_id", action, client_id, entry, as_json=as_json)
        return
    if client_id is not None:
        raise click.UsageError(f"got {client_id!r}, but list takes nothing; show takes a name")
    listed = remote.get("/clients")
    report(as_json, listed, map(_line, listed["clients"]))


def _registered(client: dict[str, Any]) -> str:
    since = iso_date(client["registered_at"])
    return f"{client['client_id']}  {client['name']} at {client['issuer']} since {since}"


def _line(client: dict[str, Any]) -> str:
    kind = "public" if client["public"] else "confidential"
    state = ", disabled" if client["disabled"] else ""
    return f"{client['client_id']:<16} {kind}{state}: {' '.join(client['grants'])}"

"""``devidp clients``: the clients of a running devidp."""

from __future__ import annotations

import click

from devidp.cli.accounts import apply, entry_argument
from devidp.cli.remote import Remote, controls

ACTIONS = ("list", "show", "add", "change", "disable", "enable", "delete")


@click.command(name="clients")
@click.argument("action", type=click.Choice(ACTIONS), default="list")
@click.argument("client_id", required=False)
@entry_argument
@controls
def command(remote: Remote, action: str, client_id: str | None, entry: tuple[str, ...]) -> None:
    """List the clients, or show, add, change, disable, enable or delete one; also one that registered.

    KEY is any key that a client has in the seed. VALUE is JSON, or else text; null takes the key away.

    \b
    Examples:
      devidp clients
      devidp clients show web
      devidp clients disable web
      devidp clients change web dpop_bound=true consent=skipped
      devidp clients add batch secret=s 'grants=["client_credentials"]'
    """
    if action != "list":
        apply(remote, "clients", "client_id", action, client_id, entry)
        return
    for client in remote.get("/clients")["clients"]:
        kind = "public" if client["public"] else "confidential"
        state = ", disabled" if client["disabled"] else ""
        click.echo(f"{client['client_id']:<16} {kind}{state}: {' '.join(client['grants'])}")

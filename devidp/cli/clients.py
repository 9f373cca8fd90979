"""``devidp clients``: the clients of a running devidp."""

from __future__ import annotations

import click

from devidp.cli.accounts import entry_of, entry_option
from devidp.cli.remote import Remote, controls, segment

ACTIONS = ("list", "add", "change", "disable", "enable", "delete")


@click.command(name="clients")
@click.argument("action", type=click.Choice(ACTIONS), default="list")
@click.argument("client_id", required=False)
@entry_option
@controls
def command(
    url: str | None, port: int, control_token: str | None, action: str, client_id: str | None, entry: tuple[str, ...]
) -> None:
    """List the clients, or add, change, disable, enable or delete one; also one that registered.

    \b
    Examples:
      devidp clients
      devidp clients disable web
      devidp clients add batch secret=s 'grants=["client_credentials"]'
    """
    remote = Remote(url, port, control_token)
    if action == "list":
        for client in remote.get("/clients")["clients"]:
            kind = "public" if client["public"] else "confidential"
            state = ", disabled" if client["disabled"] else ""
            click.echo(f"{client['client_id']:<16} {kind}{state}: {' '.join(client['grants'])}")
        return
    members = entry_of(action, "CLIENT_ID", client_id, entry)
    path = f"/clients/{segment(client_id or '')}"
    if action == "add":
        remote.post("/clients", client_id=client_id, **members)
    elif action == "delete":
        remote.delete(path)
    else:
        remote.patch(path, **members)
    click.echo(f"{client_id}: {action} done")

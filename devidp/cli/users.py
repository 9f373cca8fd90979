"""``devidp users``: the users of a running devidp."""

from __future__ import annotations

import click

from devidp.cli.accounts import entry_of, entry_option
from devidp.cli.remote import Remote, controls, segment

ACTIONS = ("list", "add", "change", "disable", "enable", "delete", "revoke")


@click.command(name="users")
@click.argument("action", type=click.Choice(ACTIONS), default="list")
@click.argument("username", required=False)
@entry_option
@controls
def command(
    url: str | None, port: int, control_token: str | None, action: str, username: str | None, entry: tuple[str, ...]
) -> None:
    """List the users, or add, change, disable, enable or delete one, or revoke all that one has authorized.

    \b
    Examples:
      devidp users
      devidp users disable bob
      devidp users add carol password=carol 'claims={"email": "carol@acme.example"}'
      devidp users revoke alice
    """
    remote = Remote(url, port, control_token)
    if action == "list":
        for user in remote.get("/users")["users"]:
            scopes = "every scope" if user["scopes"] is None else " ".join(user["scopes"])
            click.echo(f"{user['username']:<16} {'disabled' if user['disabled'] else 'active':<9} {scopes}")
        return
    members = entry_of(action, "USERNAME", username, entry)
    path = f"/users/{segment(username or '')}"
    if action == "add":
        remote.post("/users", username=username, **members)
    elif action == "delete":
        remote.delete(path)
    elif action == "revoke":
        click.echo(f"{remote.post(f'{path}/revoke')['revoked']} authorizations of {username} revoked")
        return
    else:
        remote.patch(path, **members)
    click.echo(f"{username}: {action} done")

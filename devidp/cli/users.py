"""``devidp users``: the users of a running devidp."""

from __future__ import annotations

from typing import Any

import click

from devidp.cli import completion
from devidp.cli.accounts import apply, entry_argument
from devidp.cli.options import json_option
from devidp.cli.remote import Remote, controls, report

ACTIONS = ("list", "show", "add", "change", "disable", "enable", "delete", "revoke")


@click.command(name="users")
@click.argument("action", type=click.Choice(ACTIONS), default="list")
@click.argument("username", required=False, shell_complete=completion.users)
@entry_argument
@json_option
@controls
def command(remote: Remote, action: str, username: str | None, entry: tuple[str, ...], as_json: bool) -> None:
    """List the users, or show, add, change, disable, enable or delete one, or revoke all that one has authorized.

    KEY is any key that a user has in the seed. VALUE is JSON, or else text; null takes the key away.

    \b
    Examples:
      devidp users
      devidp users disable bob
      devidp users add carol password=carol 'claims={"email": "carol@acme.example"}'
      devidp users revoke alice
    """
    if action != "list":
        apply(remote, "users", "username", action, username, entry, as_json=as_json)
        return
    listed = remote.get("/users")
    report(as_json, listed, map(_line, listed["users"]))


def _line(user: dict[str, Any]) -> str:
    scopes = "every scope" if user["scopes"] is None else " ".join(user["scopes"])
    return f"{user['username']:<16} {'disabled' if user['disabled'] else 'active':<9} {scopes}"

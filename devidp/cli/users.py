"""``devidp users``: the users of a running devidp."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import click

from devidp.cli import completion
from devidp.cli.accounts import apply, entry_argument, keys
from devidp.cli.options import json_option
from devidp.cli.remote import Remote, controls, report

ANSWERS = ("approve", "deny")
SECOND_FACTOR = ("code", *ANSWERS)
CONSENTS = ("consents", "forget")
ACTIONS = (
    "list", "show", "add", "change", "disable", "enable", "delete", "reset", "revoke", *CONSENTS, *SECOND_FACTOR,
)  # fmt: skip


@click.command(name="users")
@click.argument("action", type=click.Choice(ACTIONS), default="list")
@click.argument("username", required=False, shell_complete=completion.users)
@entry_argument
@json_option
@controls
def command(remote: Remote, action: str, username: str | None, entry: tuple[str, ...], as_json: bool) -> None:
    """List the users, or show, add, change, disable, enable or delete one, or revoke all that one has authorized.

    reset takes back what was changed of one of the seed. consents shows what one has agreed to, forget has one asked
    again, by all clients or by client=NAME.

    For the second factor: show the code of a user with mfa=totp, or approve or deny what waits for one with mfa=push.

    KEY is any key that a user has in the seed. VALUE is JSON, or else text; null takes the key away.
    issuer=NAME means one issuer alone.

    \b
    Examples:
      devidp users
      devidp users disable bob
      devidp users add carol password=carol 'claims={"email": "carol@acme.example"}'
      devidp users revoke alice
      devidp users forget alice client=web
      devidp users code alice
    """
    if entry and action in SECOND_FACTOR:
        raise click.UsageError(f"got {entry[0]!r}, but {action} takes no keys")
    if username is not None and action in ANSWERS:
        answer = remote.post("/pushes", decision=action, user=username)
        report(as_json, answer, [f"{username}: {action} done, {answer['decided']} answered"])
        return
    if username is not None and action == "code":
        answer = remote.get(f"/users/{quote(username, safe='')}/authenticator")
        report(as_json, answer, [answer["code"]])
        return
    if username is not None and action in CONSENTS:
        _consents(remote, action, username, entry, as_json=as_json)
        return
    if action != "list":
        apply(remote, "users", "username", action, username, entry, as_json=as_json)
        return
    if username is not None:
        raise click.UsageError(f"got {username!r}, but list takes nothing; show takes a name")
    listed = remote.get("/users")
    report(as_json, listed, map(_line, listed["users"]))


def _consents(remote: Remote, action: str, username: str, entry: tuple[str, ...], *, as_json: bool) -> None:
    path = f"/users/{quote(username, safe='')}/consents"
    if action == "forget":
        answer = remote.delete(path, **keys(entry, names=True))
        report(as_json, answer, [f"{answer['forgotten']} consents of {username} forgotten"])
        return
    if entry:
        raise click.UsageError(f"got {entry[0]!r}, but consents takes no keys")
    answer = remote.get(path)
    lines = (f"{each['client']:<16} {each['issuer']:<12} {' '.join(each['scopes'])}" for each in answer["consents"])
    report(as_json, answer, lines)


def _line(user: dict[str, Any]) -> str:
    scopes = "every scope" if user["scopes"] is None else " ".join(user["scopes"])
    return f"{user['username']:<16} {'disabled' if user['disabled'] else 'active':<9} {scopes}"

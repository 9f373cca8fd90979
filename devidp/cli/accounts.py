"""What the commands for users and clients share: an entry in NAME=VALUE form."""

from __future__ import annotations

from typing import Any

import click

from devidp.cli.remote import pairs

entry_option = click.argument("entry", nargs=-1, metavar="[KEY=VALUE]...")


def entry_of(action: str, what: str, name: str | None, entry: tuple[str, ...]) -> dict[str, Any]:
    """The members that the action sends; raises UsageError for too much or too little."""
    if name is None:
        raise click.UsageError(f"{action} needs {what}")
    if entry and action not in ("add", "change"):
        raise click.UsageError(f"got {entry[0]!r}, but {action} takes no keys")
    if action == "change" and not entry:
        raise click.UsageError("change needs a key, such as password=secret")
    if action in ("disable", "enable"):
        return {"disabled": action == "disable"}
    return pairs(entry, "KEY=VALUE") or {}

"""What ``devidp users`` and ``devidp clients`` share: one action on one of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import click

from devidp.cli.remote import Remote, report, show, texts
from devidp.oauth import name_value

entry_argument = click.argument("entry", nargs=-1, metavar="[KEY=VALUE]...")
"""Keys of the seed. A value is JSON, or else text; a bare number is text too, for no key itself is a number."""


def keys(entry: tuple[str, ...], *, names: bool = False) -> dict[str, Any]:
    """``KEY=VALUE`` texts by key; a value that is JSON is taken as that, a bare number as text; of ``names`` all."""
    found: dict[str, Any] = {}
    for key, text in texts(entry, "KEY=VALUE").items():
        value = name_value.value(text)
        is_text = type(value) in (int, float) or (names and not isinstance(value, str))
        found[key] = text if is_text else value
    return found


def apply(
    remote: Remote, collection: str, key: str, action: str, name: str | None, entry: tuple[str, ...], *, as_json: bool
) -> None:
    """Send ``action`` for the user or client ``name``; raises UsageError for missing or surplus arguments."""
    if name is None:
        raise click.UsageError(f"{action} needs {key.upper()}")
    surplus = [text for text in entry if action == "show" or not text.startswith("issuer=")]
    if surplus and action not in ("add", "change"):
        taken = "no keys" if action == "show" else "no keys but issuer"
        raise click.UsageError(f"got {surplus[0]!r}, but {action} takes {taken}")
    if action == "change" and not entry:
        raise click.UsageError("change needs a key, such as password=secret")
    members = keys(entry)
    path = f"/{collection}/{quote(name, safe='')}"
    if action == "show":
        show(remote.get(path))
        return
    done = f"{name}: {action} done"
    if action == "add":
        answer = remote.post(f"/{collection}", **{**members, key: name})
    elif action == "delete":
        answer = remote.delete(path, **members)
    elif action == "reset":
        answer = remote.post(f"{path}/reset", **members)
    elif action == "revoke":
        answer = remote.post(f"{path}/revoke", **members)
        done = f"{answer['revoked']} authorizations of {name} revoked"
    else:
        switched = {} if action == "change" else {"disabled": action == "disable"}
        answer = remote.patch(path, **members, **switched)
    report(as_json, answer, [done])

"""What ``devidp sessions`` and ``devidp authorizations`` share: a list in pages, and the end of what is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import click

from devidp.cli import completion
from devidp.cli.remote import Remote, report

ACTIONS = ("list", "end")
action_argument = click.argument("action", type=click.Choice(ACTIONS), default="list")
id_argument = click.argument("id_", metavar="[ID]", required=False)
user_option = click.option("--user", metavar="NAME", shell_complete=completion.users, help="Only those of this user.")


def page_options(command: Callable[..., None]) -> Callable[..., None]:
    """Where, and how many."""
    for option in (
        click.option("--offset", type=int, metavar="N", help="How many of the newest to leave out."),
        click.option("--limit", type=int, metavar="N", help="How many to list, 100 by default."),
        click.option("--issuer", metavar="NAME", help="Only those at this issuer, by name or URL."),
    ):
        command = option(command)
    return command


def show_page(
    remote: Remote, collection: str, query: Mapping[str, Any], line: Callable[[dict[str, Any]], str], *, as_json: bool
) -> None:
    """Print what ``GET`` gives, and how much more there is."""
    answer = remote.get(f"/{collection}", **query)
    lines = [line(each) for each in answer[collection]]
    if more := answer["total"] - len(lines) - (query.get("offset") or 0):
        lines.append(f"… and {more} more; --limit and --offset show others")
    report(as_json, answer, lines)


def end(remote: Remote, collection: str, id_: str | None, query: Mapping[str, Any], *, as_json: bool) -> None:
    """End the one with ``id_``, or all that ``query`` names."""
    path = f"/{collection}" if id_ is None else f"/{collection}/{quote(id_, safe='')}"
    answer = remote.delete(path, **query)
    report(as_json, answer, [f"{answer['ended']} {collection} ended"])


def expect_none(action: str, **values: object) -> None:
    """Raises UsageError for an argument that ``action`` does not take."""
    for name, value in values.items():
        if value is not None:
            raise click.UsageError(f"got {value!r} for {name}, but {action} does not take it")

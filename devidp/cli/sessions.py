"""``devidp sessions``: who is logged in at a running devidp."""

from __future__ import annotations

from typing import Any

import click

from devidp.cli import listing
from devidp.cli.options import json_option
from devidp.cli.remote import Remote, controls
from devidp.system.clock import iso_date


@click.command(name="sessions")
@listing.action_argument
@listing.id_argument
@listing.user_option
@listing.page_options
@json_option
@controls
def command(
    remote: Remote, action: str, id_: str | None, user: str | None, issuer: str | None, limit: int | None,
    offset: int | None, as_json: bool,
) -> None:  # fmt: skip
    """List the browsers in which users are logged in, or log out one, or all of a user.

    Clients are told by back-channel logout. Front-channel logout needs the browser itself.

    \b
    Examples:
      devidp sessions --user alice
      devidp sessions end 5yW0mSLk3
      devidp sessions end --user alice
    """
    if action == "list":
        listing.expect_none(action, ID=id_)
        query = {"user": user, "issuer": issuer, "limit": limit, "offset": offset}
        listing.show_page(remote, "sessions", query, _line, as_json=as_json)
        return
    listing.expect_none(action, limit=limit, offset=offset)
    if (id_ is None) == (user is None):
        raise click.UsageError("end needs either ID or --user")
    if id_ is not None:
        listing.expect_none("end ID", issuer=issuer)
    listing.end(remote, "sessions", id_, {"user": user, "issuer": issuer}, as_json=as_json)


def _line(session: dict[str, Any]) -> str:
    clients = ", ".join(session["clients"]) or "no client"
    return (
        f"{session['id']}  {session['user']} since {iso_date(session['auth_time'])} at {session['issuer']}: {clients}"
    )

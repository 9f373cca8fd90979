"""``devidp authorizations``: what users of a running devidp have authorized."""

from __future__ import annotations

from typing import Any

import click

from devidp.cli import completion, listing
from devidp.cli.options import json_option
from devidp.cli.remote import Remote, controls


@click.command(name="authorizations")
@listing.action_argument
@listing.id_argument
@listing.user_option
@click.option("--client", metavar="ID", shell_complete=completion.clients, help="Only those of this client.")
@listing.page_options
@json_option
@controls
def command(remote: Remote, action: str, id_: str | None, as_json: bool, **query: Any) -> None:
    """List what users have authorized, or revoke everything that came of one authorization.

    The jti of an access token begins with the ID of its authorization.

    \b
    Examples:
      devidp authorizations --client web
      devidp authorizations end MkOlTjqcYWRVUu4TM5hqYzGs
    """
    if action == "list":
        listing.expect_none(action, ID=id_)
        listing.show_page(remote, "authorizations", query, _line, as_json=as_json)
        return
    listing.expect_none(action, **query)
    if id_ is None:
        raise click.UsageError("end needs ID; `devidp users revoke NAME` ends all of a user")
    listing.end(remote, "authorizations", id_, {}, as_json=as_json)


def _line(each: dict[str, Any]) -> str:
    state = "ended" if each["ended"] else "active"
    token = each["refresh_token"]
    refresh = f", refresh token {token}" if token and not each["ended"] else ""
    scope = f": {' '.join(each['scope'])}" if each["scope"] else ""
    return f"{each['id']}  {state:<6} {each['user']} to {each['client']} at {each['issuer']}{refresh}{scope}"

"""``devidp keys``: the signing keys of a running devidp."""

from __future__ import annotations

from typing import Any

import click

from devidp.cli import completion
from devidp.cli.options import json_option
from devidp.cli.remote import Remote, controls, report
from devidp.system.clock import iso_date

ACTIONS = ("list", "rotate", "activate", "retire", "hide", "publish", "delete", "renew")


# a kid may begin with a dash: one thumbprint of 64 does
@click.command(name="keys", context_settings={"ignore_unknown_options": True})
@click.argument("action", type=click.Choice(ACTIONS), default="list")
@click.argument("kid", required=False, shell_complete=completion.keys)
@click.option("--issuer", metavar="NAME", help="Name or URL of the issuer; the first one by default.")
@click.option("--no-overlap", is_flag=True, help="Rotate so that the old key leaves the JWK Set at once.")
@click.option("--unpublished", is_flag=True, help="Rotate so that the new key is not in the JWK Set yet.")
@json_option
@controls
def command(
    remote: Remote,
    action: str,
    kid: str | None,
    issuer: str | None,
    no_overlap: bool,
    unpublished: bool,
    as_json: bool,
) -> None:
    """List the keys of an issuer, or rotate, activate, retire, hide, publish, delete or renew them.

    \b
    Examples:
      devidp keys
      devidp keys rotate
      devidp keys rotate --unpublished
      devidp keys publish KID
      devidp keys activate KID
    """
    changes = {"kid": kid, "overlap": False if no_overlap else None, "publish": False if unpublished else None}
    if action != "list":
        answer = remote.post("/keys", action=action, issuer=issuer, **changes)
    elif any(value is not None for value in changes.values()):
        raise click.UsageError("list takes --issuer alone")
    else:
        answer = remote.get("/keys", issuer=issuer)
    report(as_json, answer, map(_line, answer["keys"]))


def _line(key: dict[str, Any]) -> str:
    published = "in the JWK Set" if key["published"] else "not in the JWK Set"
    created = "" if key["created_at"] is None else f", made at {iso_date(key['created_at'])}"
    return f"{key['kid']}  {key['algorithm']}  {key['state']:<9}  {published}{created}"

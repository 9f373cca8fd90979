"""``devidp public-url``: the base of the issuers of a running devidp."""

from __future__ import annotations

import click

from devidp.cli.options import PUBLIC_URL, json_option
from devidp.cli.remote import Remote, controls, report


@click.command(name="public-url")
@click.argument("new_url", required=False, type=PUBLIC_URL, metavar="[NEW_URL]")
@click.option("--reset", is_flag=True, help="Back to that of the start.")
@json_option
@controls
def command(remote: Remote, new_url: str | None, reset: bool, as_json: bool) -> None:
    """Show or set the URL under which clients know a running devidp.

    The issuers are below it, under other names than before.

    \b
    Examples:
      devidp public-url
      devidp public-url http://localhost:32768
      devidp public-url --reset
    """
    if reset and new_url is not None:
        raise click.UsageError("--reset takes no URL: give one of them.")
    if new_url is None and not reset:
        answer = remote.get("/public-url")
    else:
        answer = remote.send("POST", "/public-url", {"url": new_url})
    report(as_json, answer, [answer["url"], *(f"  {issuer}" for issuer in answer["issuers"])])

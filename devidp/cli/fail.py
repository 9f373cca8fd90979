"""``devidp fail``: bad answers of endpoints."""

from __future__ import annotations

from typing import Any

import click

from devidp.cli.remote import Remote, controls
from devidp.cli.scripted import match_options, script
from devidp.faults.failures import FAILURES


@click.command(name="fail")
@click.argument("endpoint", required=False)
@click.argument("failure", required=False)
@click.option("--error", metavar="CODE", help="The OAuth error to answer.")
@click.option("--description", metavar="TEXT", help="Its description.")
@click.option("--status", type=click.IntRange(200, 599), metavar="N", help="The HTTP status to answer.")
@click.option("--retry-after", type=click.IntRange(0), metavar="N", help="Seconds in Retry-After.")
@click.option("--seconds", type=click.FloatRange(0, 120), metavar="N", help="Delay of the answer.")
@click.option("--field", metavar="NAME", help="The metadata field that is missing, extra or null.")
@match_options
@click.option("--clear", is_flag=True, help="Clear all waiting failures.")
@click.option("--list", "list_all", is_flag=True, help="List all failures.")
@controls
def command(remote: Remote, endpoint: str | None, list_all: bool, **options: Any) -> None:
    """Spoil the next answers of ENDPOINT with FAILURE; without both, list what waits.

    \b
    Examples:
      devidp fail token --error invalid_grant --client web
      devidp fail discovery --status 503 --times 2
      devidp fail jwks keys-empty --always
      devidp fail --list
    """
    if not list_all:
        script(remote, "/failures", endpoint, endpoint=endpoint, **options)
        return
    for each in FAILURES.values():
        takes = f" [{', '.join(each.options)}]" if each.options else ""
        click.echo(f"{each.name:<28} {' '.join(each.endpoints) or 'any':<12} {each.description}{takes}")

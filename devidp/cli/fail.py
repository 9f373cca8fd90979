"""``devidp fail``: bad answers of endpoints."""

from __future__ import annotations

import click

from devidp.cli.matching import matching, waiting_line
from devidp.cli.remote import Remote, controls
from devidp.faults.failures import FAILURES


@click.command(name="fail")
@click.argument("endpoint", required=False)
@click.argument("failure", required=False)
@click.option("--error", metavar="CODE", help="The OAuth error to answer.")
@click.option("--description", metavar="TEXT", help="Its description.")
@click.option("--status", type=click.IntRange(200, 599), metavar="N", help="The HTTP status to answer.")
@click.option("--retry-after", type=click.IntRange(0), metavar="N", help="Seconds in Retry-After.")
@click.option("--seconds", type=click.FloatRange(0, 120), metavar="N", help="How late the answer is.")
@click.option("--field", metavar="NAME", help="The metadata field that is missing, extra or null.")
@matching
@click.option("--clear", is_flag=True, help="Forget every failure that waits.")
@click.option("--list", "list_all", is_flag=True, help="List every failure that there is.")
@controls
def command(
    url: str | None,
    port: int,
    control_token: str | None,
    times: int,
    always: bool,
    clear: bool,
    list_all: bool,
    **asked: str | float | None,
) -> None:
    """Spoil the next answers of ENDPOINT with FAILURE; without both, list what waits.

    \b
    Examples:
      devidp fail token --error invalid_grant --client web
      devidp fail discovery --status 503 --times 2
      devidp fail jwks keys-empty --always
      devidp fail --list
    """
    if list_all:
        for each in FAILURES.values():
            options = f" [{', '.join(each.options)}]" if each.options else ""
            where = " ".join(each.endpoints) or "any"
            click.echo(f"{each.name:<28} {where:<12} {each.description}{options}")
        return
    remote = Remote(url, port, control_token)
    if clear:
        click.echo(f"{remote.delete('/failures')['cleared']} cleared")
    elif asked["endpoint"] is not None:
        given = {name: value for name, value in asked.items() if value is not None}
        members = {**given, "times": None if always else times}
        click.echo(waiting_line(remote.send("POST", "/failures", members)))
    else:
        for waiting in remote.get("/failures")["waiting"]:
            click.echo(waiting_line(waiting))

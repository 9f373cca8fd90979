"""``devidp fail``: bad answers of endpoints."""

from __future__ import annotations

from typing import Any

import click

from devidp.cli import completion
from devidp.cli.remote import Remote, controls, report
from devidp.cli.scripted import clear_option, match_options, refuse, script
from devidp.faults.failures import FAILURES, LIMITS


@click.command(name="fail")
@click.argument("endpoint", required=False, shell_complete=completion.places)
@click.argument("failure", required=False, shell_complete=completion.failures)
@click.option("--error", metavar="CODE", help="The OAuth error to answer.")
@click.option("--description", metavar="TEXT", help="Its description.")
@click.option("--status", type=click.IntRange(*LIMITS["status"]), metavar="N", help="The HTTP status to answer.")
@click.option("--retry-after", type=click.IntRange(*LIMITS["retry_after"]), metavar="N", help="Seconds in Retry-After.")
@click.option("--seconds", type=click.FloatRange(*LIMITS["seconds"]), metavar="N", help="Delay of the answer.")
@click.option("--field", metavar="NAME", help="The metadata field that is missing or wrong.")
@click.option("--to", metavar="URL", help="Where the answer leads: an origin, or a whole URL.")
@match_options
@clear_option
@click.option("--list", "list_all", is_flag=True, help="List all failures.")
@controls
def command(remote: Remote, endpoint: str | None, list_all: bool, as_json: bool, **options: Any) -> None:
    """Spoil the next answers of ENDPOINT with FAILURE; without both, list what waits.

    \b
    Examples:
      devidp fail token --error invalid_grant --client web
      devidp fail discovery --status 503 --times 2
      devidp fail jwks keys-empty --always
      devidp fail --list
    """
    if not list_all:
        script(remote, "/failures", endpoint, as_json=as_json, endpoint=endpoint, **options)
        return
    refuse("--list", endpoint=endpoint, **options)
    names = ("name", "group", "endpoints", "description", "section")
    listed = [
        {name: getattr(each, name) for name in names}
        | {"options": {name: kind.__name__ for name, kind in each.options.items()}}
        | {"expects": {name: getattr(each.expects, name) for name in ("duty", "severity", "why")}}
        for each in FAILURES.values()
    ]
    report(as_json, {"catalogue": listed}, map(_line, listed))


def _line(each: dict[str, Any]) -> str:
    takes = f" [{', '.join(each['options'])}]" if each["options"] else ""
    where, duty = " ".join(each["endpoints"]) or "any", each["expects"]["duty"]
    return f"{each['name']:<28} {duty:<6} {where:<12} {each['description']}{takes}"

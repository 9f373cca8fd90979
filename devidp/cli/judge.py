"""``devidp judge``: what a client wrongly follows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import click

from devidp.cli import completion, ending
from devidp.cli.options import Port, seed_option, setting
from devidp.cli.own_devidp import control_token_option, own_devidp, running_devidp
from devidp.cli.remote import explained, url_option
from devidp.cli.remote import report as print_facts
from devidp.cli.report_options import ReportOptions, deliver, progress, report_options
from devidp.judge import catalogue
from devidp.judge.command_client import CommandClient
from devidp.judge.run import SECONDS, Wish, judge
from devidp.judge.scenarios import Scenario
from devidp.judge.stage import SOUND
from devidp.judge.turn import Client, Turn
from devidp.judge.waiting_client import WaitingClient
from devidp.web.api_client import ApiClient


@click.command(name="judge")
@click.option("--client", "client", metavar="COMMAND", help="Run this command, with {url} or {issuer} in it.")
@click.option("--oidc", is_flag=True, help="The client speaks OpenID Connect, not MCP: it is pointed at the issuer.")
@click.option(
    "--scenario", "--only", "only", multiple=True, metavar="NAME",
    help="Only this scenario, group or endpoint. Repeatable.",
)  # fmt: skip
@click.option("--skip", multiple=True, metavar="NAME", help="All but this one. Repeatable.")
@click.option("--list", "list_all", is_flag=True, help="List the scenarios.")
@click.option(
    "--user", shell_complete=completion.users, metavar="NAME", help="Who logs in. Default: the first user who can."
)
@click.option("--issuer", metavar="NAME", help="At which issuer. Default: the first one.")
@click.option("--timeout", default=SECONDS, type=click.FloatRange(1), show_default=True, metavar="N",
              help="Seconds that an attempt may take.")  # fmt: skip
@click.option("--mcp-port", default=0, type=Port(0), metavar="PORT", help="Of the MCP server. Default: a free one.")
@seed_option()
@control_token_option
@setting("--port", type=Port(1), metavar="PORT", help="Port of a running devidp on this machine, to judge with it.")
@url_option
@report_options
def command(client: str | None, list_all: bool, **values: Any) -> None:
    """Find out what a client wrongly follows: devidp and an MCP server are wrong on purpose, one scenario at a time.

    With --client the command is run for each scenario, in a home of its own, and a user of the seed logs in where it
    opens a browser. Without it, an address is printed: point your client at it, and let it connect for each scenario.
    A devidp of its own is started unless --port or --url names one that runs.

    \b
    Examples:
      devidp judge --client 'npx mcp-remote {url}'
      devidp judge --client 'python login.py {issuer}' --oidc
      devidp judge --scenario iss-wrong --scenario discovery
      devidp judge --list

    Exit status: 0 nothing is wrong, 1 something is, or nothing can be concluded.
    """
    if list_all:
        _list(values["as_json"])
        return
    wanted = ReportOptions.of(values)
    try:
        judged: Client = CommandClient(client) if client else WaitingClient(_invite)
        told_by = progress() if client else nullcontext(_call)
        with ending.in_order(), _devidp(values) as api, explained(), told_by as told:
            report = judge(judged, api, _wish(values), told)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    sys.exit(deliver(report, wanted))


def _wish(values: dict[str, Any]) -> Wish:
    same = ("only", "skip", "user", "issuer", "oidc", "stack")
    return Wish(**{name: values[name] for name in same}, seconds=values["timeout"], port=values["mcp_port"])


@contextmanager
def _devidp(values: dict[str, Any]) -> Iterator[ApiClient]:
    """The one that runs, or one of our own."""
    if not values["url"] and not values["port"]:
        with own_devidp(values["seeds"]) as own:
            yield ApiClient(own.local_url)
        return
    if values["seeds"]:
        raise click.UsageError("--seed is for a devidp that is started here, and --url or --port name one that runs")
    yield running_devidp(values)


def _invite(turn: Turn) -> None:
    if turn.scenario == SOUND:
        click.echo(f"Point your client at {turn.url} and let it log in. Ctrl-C ends it all.", err=True)


def _call(done: int, total: int, name: str) -> None:
    click.echo(f"{done + 1}/{total} {name}: let it connect again.", err=True)


def _list(as_json: bool) -> None:
    listed = [
        {"name": each.name, "group": each.group, "endpoint": each.place, "duty": each.duty,
         "severity": each.severity.label, "clients": each.mode or "all", "description": each.description,
         "section": each.section}
        for each in catalogue.every()
    ]  # fmt: skip
    print_facts(as_json, {"scenarios": listed}, map(_line, catalogue.every()))


def _line(each: Scenario) -> str:
    return f"{each.name:<36} {each.place:<14} {each.duty:<7} {each.description}"

"""``devidp judge``: what a client wrongly follows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from devidp.cli.options import BASE_URL, Port, by_flag, seed_option, setting
from devidp.cli.own_devidp import own_devidp
from devidp.cli.remote import chosen_url, explained, report
from devidp.cli.report_options import ReportOptions, deliver, progress, report_options
from devidp.judge import catalogue, run
from devidp.judge.command_client import CommandClient
from devidp.judge.run import Wish
from devidp.judge.scenarios import Scenario
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
@click.option("--user", metavar="NAME", help="Who logs in. Default: the first user who can.")
@click.option("--issuer", metavar="NAME", help="At which issuer. Default: the first one.")
@click.option("--timeout", default=run.SECONDS, type=click.FloatRange(1), show_default=True, metavar="N",
              help="Seconds that an attempt may take.")  # fmt: skip
@click.option("--mcp-port", default=0, type=Port(0), metavar="PORT", help="Of the MCP server. Default: a free one.")
@seed_option()
@setting("--control-token", metavar="TOKEN", help="Of the running devidp, where it is not on this machine.")
@setting("--port", type=Port(1), metavar="PORT", help="Port of a running devidp on this machine, to judge with it.")
@setting("--url", type=BASE_URL, metavar="URL", help="Base URL of a running devidp, in place of --port.")
@report_options
@click.pass_context
def command(ctx: click.Context, /, client: str | None, list_all: bool, **values: Any) -> None:
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

    Exit status: 0 nothing is wrong, 1 something is at or above --fail-on, or nothing can be concluded.
    """
    if list_all:
        _list(values["as_json"])
        return
    options = ReportOptions.of(values)
    try:
        judged: Client = CommandClient(client) if client else WaitingClient(_invite)
        wish = _wish(values)
        with _devidp(ctx, values) as api, explained(), progress() as told:
            found = run.judge(judged, api, wish, told)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    sys.exit(deliver(found, options))


def _wish(values: dict[str, Any]) -> Wish:
    return Wish(
        values["only"], values["skip"], values["user"], values["issuer"], values["oidc"], values["timeout"],
        values["mcp_port"],
    )  # fmt: skip


@contextmanager
def _devidp(ctx: click.Context, values: dict[str, Any]) -> Iterator[ApiClient]:
    """The one that runs, or one of our own."""
    if values["url"] or values["port"]:
        if values["seeds"] and by_flag(ctx, "seeds"):
            raise click.UsageError("--seed is for a devidp that is started here; leave out --url and --port, or --seed")
        url = chosen_url(values["url"]) or f"http://127.0.0.1:{values['port']}"
        yield ApiClient(url, values["control_token"])
        return
    with own_devidp(values["seeds"]) as own:
        yield ApiClient(own.local_url)


def _invite(turn: Turn) -> None:
    if turn.scenario == "sound":
        click.echo(f"Point your client at {turn.url} and let it log in. Ctrl-C ends it all.", err=True)
    else:
        click.echo(f"{turn.scenario}: let it connect again.", err=True)


def _list(as_json: bool) -> None:
    listed = [
        {"name": each.name, "group": each.group, "endpoint": each.place, "duty": each.duty,
         "severity": each.severity.label, "clients": each.mode or "all", "description": each.description,
         "section": each.section}
        for each in catalogue.every()
    ]  # fmt: skip
    report(as_json, {"scenarios": listed}, map(_line, catalogue.every()))


def _line(each: Scenario) -> str:
    return f"{each.name:<36} {each.place:<14} {each.duty:<7} {each.description}"

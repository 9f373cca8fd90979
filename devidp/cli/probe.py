"""``devidp probe``: what a resource server wrongly accepts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from devidp.cli import completion, ending
from devidp.cli.options import WEB_URL
from devidp.cli.own_devidp import running_or_own, running_or_own_options
from devidp.cli.remote import explained
from devidp.cli.report_options import ReportOptions, deliver, progress, report_options
from devidp.probe import call
from devidp.probe.call import Call
from devidp.probe.http_target import HttpTarget, check_target
from devidp.probe.issuer_side import IssuerSide
from devidp.probe.options import Credentials, Options
from devidp.probe.refusal import Refused
from devidp.probe.run import probe

DESCRIBING = ("method", "path", "headers", "body")


@click.command(name="probe")
@click.argument("target", metavar="URL", type=WEB_URL)
@click.option(
    "--issuer", metavar="NAME", help="Name or URL of the issuer that it trusts. Default: what its metadata says."
)
@click.option("--audience", multiple=True, metavar="AUDIENCE", help="What tokens for it are for. Default: the same.")
@click.option("--scope", metavar="SCOPES", help="Scopes that the call needs, separated by spaces. Default: the same.")
@click.option("--client", shell_complete=completion.clients, metavar="ID", help="The client that calls it.")
@click.option("--user", shell_complete=completion.users, metavar="NAME", help="The user that it is called for.")
@click.option("--method", metavar="METHOD", help="Of the call. Default: GET, or POST with a body.")
@click.option("--path", metavar="PATH", help="Of the call, where it is not that of URL.")
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="A header of the call. Repeatable.")
@click.option("--body", metavar="TEXT|@FILE", help="Of the call; with --tool its arguments, as a JSON object.")
@click.option(
    "--request", metavar="FILE|-", help="The call as an HTTP message: POST /orders, headers, empty line, body."
)
@click.option("--tool", metavar="NAME", help="The tool of an MCP server to call. Default: tools/list.")
@click.option(
    "--read-only-tools", is_flag=True, help="Call those that say so and need no arguments, with and without scopes."
)
@click.option("--assertions", is_flag=True, help="URL is a token endpoint that takes identity assertions (ID-JAG).")
@click.option(
    "--credentials", envvar="DEVIDP_PROBE_CREDENTIALS", show_envvar=True, metavar="ID:SECRET",
    help="Of the client that presents assertions there.",
)  # fmt: skip
@click.option("--resource", multiple=True, metavar="URI", help="What the assertions are good for there. Repeatable.")
@click.option(
    "--only", multiple=True, metavar="WORD", help="Only this name, group or level (must, should, advice). Repeatable."
)
@click.option(
    "--skip",
    multiple=True,
    metavar="WORD",
    help="Not this name, group or level; `--skip changes` leaves out the slow ones, which change devidp. Repeatable.",
)
@click.option(
    "--parallel", default=8, type=click.IntRange(1, 64), show_default=True, metavar="N", help="Calls at a time."
)
@click.option(
    "--timeout",
    default=10.0,
    type=click.FloatRange(0.1, 600),
    show_default=True,
    metavar="SECONDS",
    help="For an answer.",
)
@click.option(
    "--patience", default=30.0, type=click.FloatRange(0, 3600), show_default=True, metavar="SECONDS",
    help="Until it has to notice that a token was revoked, or a key changed.",
)  # fmt: skip
@click.option(
    "--allow-host", "allowed", multiple=True, metavar="NAME", help="Call this host, though it is not this machine."
)
@running_or_own_options
@report_options
def command(target: str, **values: Any) -> None:
    """Find out what the API or MCP server at URL wrongly accepts: it is called with every faulty token.

    The server has to trust a devidp: the one that runs, or with --seed one that is started on
    --port for as long as this takes. Issuer, audience and scopes come from the server's
    protected-resource metadata, where it has that and you do not say them.

    \b
    Examples:
      devidp probe http://localhost:8000/mcp
      devidp probe http://localhost:8000/mcp --skip changes
      devidp probe http://localhost:8000/orders --audience orders --scope orders:read
      devidp probe http://localhost:8000/mcp --tool whoami --only must
      devidp probe http://localhost:8000 --request create-order.http --skip rotation --skip outage
      devidp probe http://localhost:9000/token --assertions --credentials app:secret

    Exit status: 0 nothing is wrong, 1 something is at or above --fail-on, or nothing can be concluded.
    """
    report_wanted = ReportOptions.of(values)
    try:
        check_target(target, values["allowed"])
        options = _options(target, values)
        with ending.in_order(), running_or_own(values, "probe") as api, explained(), progress() as told:
            report = probe(HttpTarget(values["allowed"]), target, IssuerSide(api), options, told)
    except Refused as error:
        raise click.UsageError(str(error)) from error
    sys.exit(deliver(report, report_wanted))


def _options(target: str, values: dict[str, Any]) -> Options:
    """Raises Refused."""
    same = (
        "issuer",
        "audience",
        "scope",
        "client",
        "user",
        "tool",
        "read_only_tools",
        "assertions",
        "resource",
        "only",
        "skip",
        "parallel",
        "patience",
        "stack",
    )
    described = None if values["tool"] else _call(target, values)
    return Options(
        **{name: values[name] for name in same},
        call=described,
        arguments=_arguments(values) if values["tool"] else {},
        credentials=Credentials.parse(values["credentials"] or ""),
        seconds=values["timeout"],
    )


def _call(target: str, values: dict[str, Any]) -> Call | None:
    """The call that was described; raises Refused."""
    if values["request"] is None:
        headers = tuple(map(call.header, values["headers"]))
        return call.described(target, values["path"], values["method"], headers, _content(values["body"]))
    for name in DESCRIBING:
        if values[name]:
            raise Refused(f"--request and --{name.removesuffix('s')} both describe the call; give one of them")
    content = sys.stdin.buffer.read() if values["request"] == "-" else _read(values["request"], "--request")
    return call.parse(content, target)


def _arguments(values: dict[str, Any]) -> dict[str, Any]:
    """Of the tool; raises Refused."""
    for name in ("request", "method", "path", "headers"):
        if values[name]:
            raise Refused(f"--tool and --{name.removesuffix('s')} both describe the call; give one of them")
    return call.arguments(_content(values["body"]) or b"")


def _content(body: str | None) -> bytes | None:
    if body is None or not body.startswith("@"):
        return None if body is None else body.encode()
    return _read(body[1:], "--body")


def _read(path: str, option: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Refused(f"{option}: {path!r} cannot be read: {error.strerror}") from None

"""``devidp explain``: what a finding means, and what to change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import Any

import click

from devidp.cli.options import json_option
from devidp.cli.remote import report
from devidp.cli.report_options import stack_option
from devidp.judge import kinds as of_clients
from devidp.oauth.suggestion import did_you_mean
from devidp.probe import kinds as of_servers
from devidp.report import Kind, remedies
from devidp.report.remedies import Remedy


@click.command(name="explain")
@click.argument("finding", required=False, metavar="[FINDING]")
@click.option("--list", "list_all", is_flag=True, help="List all kinds of findings.")
@stack_option
@json_option
def command(finding: str | None, list_all: bool, stack: str, as_json: bool) -> None:
    """Explain FINDING, as `devidp probe` and `devidp judge` name it: why it matters, and what to change.

    \b
    Examples:
      devidp explain accepted-alg-none
      devidp explain accepted-expired --stack pyjwt
      devidp explain followed-iss-wrong
      devidp explain --list
    """
    if list_all == (finding is not None):
        raise click.UsageError("name one finding, as in devidp explain accepted-expired, or say --list")
    if finding is None:
        listed = {"findings": [_members(kind) for kind in _every()], "stacks": remedies.stacks()}
        report(as_json, listed, (f"{each.name:<36} {each.severity.label:<9} {each.title}" for each in _every()))
        return
    kind = _find(finding)
    found = remedies.find(kind.topic, stack)
    report(as_json, {**_members(kind), "remedies": [asdict(each) for each in found]}, _lines(kind, found, stack))


def _every() -> Iterator[Kind]:
    return chain(of_servers.every(), of_clients.every())


def _find(finding: str) -> Kind:
    """By its name or its id, which has the subject behind a colon; raises UsageError."""
    name = finding.partition(":")[0]
    kind = of_servers.find(name) or of_clients.find(name)
    if kind is None:
        hint = did_you_mean(name, [each.name for each in _every()], "Did you mean {}?") or "--list has all of them."
        raise click.UsageError(f"got {finding!r}, expected the name of a finding. {hint}")
    return kind


def _members(kind: Kind) -> dict[str, Any]:
    return {**asdict(kind), "severity": kind.severity.label}


def _lines(kind: Kind, found: tuple[Remedy, ...], stack: str) -> Iterator[str]:
    yield f"{kind.name}: {kind.title}"
    yield ""
    yield f"Severity: {kind.severity.label}"
    yield f"Why:      {kind.why}"
    yield f"Section:  {kind.section}"
    for remedy in found:
        yield ""
        yield f"With {remedy.title}:" if remedy.stack else f"Remedy:   {remedy.title}."
        yield remedy.text
        yield from ("", *remedy.code.strip().splitlines()) if remedy.code else ()
    others = [each.stack for each in remedies.of_stacks(kind.topic)]
    if others and stack not in others:
        yield ""
        yield f"With code: --stack {', '.join(others)}"

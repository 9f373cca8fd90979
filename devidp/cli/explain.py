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

    The name that several findings have together in their tables, such as audience, is explained too.

    \b
    Examples:
      devidp explain accepted-alg-none
      devidp explain accepted-expired --stack pyjwt
      devidp explain followed-iss-wrong
      devidp explain audience
      devidp explain --list
    """
    if list_all == (finding is not None):
        raise click.UsageError("name one finding, as in devidp explain accepted-expired, or say --list")
    if finding is None:
        listed = {"findings": [_members(kind) for kind in _every()], "stacks": remedies.stacks()}
        report(as_json, listed, (f"{each.name:<36} {each.severity.label:<9} {each.title}" for each in _every()))
        return
    if finding in remedies.topics():
        _explain_topic(finding, stack, as_json)
        return
    kind = _find(finding)
    found = remedies.find(kind.topic, stack)
    report(as_json, {**_members(kind), "remedies": [asdict(each) for each in found]}, _lines(kind, found, stack))


def _explain_topic(topic: str, stack: str, as_json: bool) -> None:
    """What to change, and all findings that it mends."""
    found = remedies.find(topic, stack)
    kinds = [kind for kind in _every() if kind.topic == topic]
    listed = (f"{kind.name:<36} {kind.severity.label:<9} {kind.title}" for kind in kinds)
    members = {
        "topic": topic, "findings": [_members(kind) for kind in kinds], "remedies": [asdict(each) for each in found],
    }  # fmt: skip
    report(as_json, members, chain([topic], _remedy_lines(topic, found, stack), ["", "Findings:"], listed))


def _every() -> Iterator[Kind]:
    return chain(of_servers.every(), of_clients.every())


def _find(finding: str) -> Kind:
    """By its name or its id, which has the subject behind a colon; raises UsageError."""
    name = finding.partition(":")[0]
    kind = of_servers.find(name) or of_clients.find(finding)
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
    yield from _remedy_lines(kind.topic, found, stack)


def _remedy_lines(topic: str, found: tuple[Remedy, ...], stack: str) -> Iterator[str]:
    for remedy in found:
        yield ""
        yield f"With {remedy.title}:" if remedy.stack else f"Remedy:   {remedy.title}."
        yield remedy.text
        yield from ("", *remedy.code.strip().splitlines()) if remedy.code else ()
    others = [each.stack for each in remedies.of_stacks(topic)]
    if others and stack not in others:
        yield ""
        yield f"With code: --stack {', '.join(others)}"

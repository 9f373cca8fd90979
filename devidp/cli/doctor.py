"""``devidp doctor``: why clients fail at a server."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from devidp.cli.options import Checked, json_option
from devidp.system.urls import base_url, normal_url
from devidp.tools.doctor import Report, examine

MARKS = {"pass": ("ok  ", "green"), "warn": ("warn", "yellow"), "fail": ("FAIL", "red")}


def _without_query(url: str) -> str:
    base_url(url)
    return normal_url(url)


@click.command(name="doctor")
@click.argument("url", type=Checked("url", _without_query))
@json_option
def command(url: str, as_json: bool) -> None:
    """Walk through what an MCP client does at URL, an MCP server or an issuer, whoever made it.

    It registers a client where it can, and removes it where it is told how. It logs nobody in.

    \b
    Examples:
      devidp doctor http://localhost:8000/mcp
      devidp doctor http://localhost:6749/default
      devidp doctor --json https://mcp.example.com/mcp

    Exit status: 0 clients can use it (there may be warnings), 1 some cannot.
    """
    report = examine(url)
    click.echo(json.dumps(asdict(report), indent=2) if as_json else _text(report))
    sys.exit(1 if report.failed else 0)


def _text(report: Report) -> str:
    lines = [f"{report.kind} {report.url}", ""]
    for finding in report.findings:
        mark, color = MARKS[finding.verdict]
        lines.append(f"{click.style(mark, fg=color)}  {finding.check}: {finding.reason}")
        if finding.remedy:
            lines.append(f"      remedy: {finding.remedy}")
        if finding.clients:
            lines.append(f"      fails for: {', '.join(finding.clients)}")
    warned = sum(finding.verdict == "warn" for finding in report.findings)
    return "\n".join([*lines, "", f"{len(report.failed)} failed, {warned} warnings, of {len(report.findings)} checks"])

"""``devidp seed``: the seed of a running devidp."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import click

from devidp.cli.options import json_option
from devidp.cli.remote import Remote, controls, report

ORIGINS = {"variable": "a text, as of DEVIDP_SEED_YAML", "program": "made by a program"}
ROLES = {"seed": "", "profile": "  (a profile)", "named": "  (named by the seed)"}


@click.command(name="seed")
@json_option
@controls
def command(remote: Remote, as_json: bool) -> None:
    """Say whether what the seed files of a running devidp say is in force, and list their mistakes.

    \b
    Example:
      devidp seed

    Exit status: 0 it is in force, 2 it is not, and the seed that was read before is.
    """
    found = remote.get("/seed")
    report(as_json, found, _lines(found))
    sys.exit(0 if found["in_force"] else 2)


def _lines(found: dict[str, Any]) -> Iterator[str]:
    if found["origin"] in ORIGINS:
        yield ORIGINS[found["origin"]]
    for file in found["files"]:
        yield f"{file['path']}{ROLES[file['role']]}{'' if file['there'] else '  (missing)'}"
    for problem in found["problems"]:
        where = ":".join(str(part) for part in (problem["file"], problem["line"]) if part)
        yield ": ".join(part for part in (where, problem["path"], problem["message"]) if part)
    if found["refused"]:
        yield f"it cannot be served: {found['refused']}"
    yield from (f"warning: {warning}" for warning in found["warnings"])
    if found["in_force"]:
        yield "in force"
    else:
        when = "it is read again when a file changes" if found["watched"] else "it is read again by the next start"
        yield f"not in force, the seed that was read before is; {when}"

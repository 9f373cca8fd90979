"""``devidp check``: all mistakes of a seed file at once."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from devidp import seed
from devidp.cli.options import json_option, profile_option
from devidp.cli.remote import show
from devidp.keys import imported
from devidp.seed.profile_use import uses

FOUND = ("problems", "warnings", "issuers", "users", "clients", "profiles")


@click.command(name="check")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@profile_option()
@json_option
def command(files: tuple[Path, ...], profile: str | None, as_json: bool) -> None:
    """Read the seed as `devidp serve` would, and print every mistake with its line.

    Of several files, each is laid over those before it. Where there is no mistake, it says what
    issuers take of their profiles, and what the seed has instead.

    \b
    Examples:
      devidp check seed.yaml
      devidp check seed.yaml seed.ci.yaml

    Exit status: 0 it can be served (there may be warnings), 2 it cannot.
    """
    found = _examined(files, profile)
    if as_json:
        show(found)
    else:
        for problem in found["problems"]:
            click.secho(problem, fg="red", err=True)
        for warning in found["warnings"]:
            click.secho(f"warning: {warning}", fg="yellow", err=True)
        if not found["problems"]:
            counts = ", ".join(_counted(len(found[kind]), kind) for kind in ("issuers", "users", "clients"))
            click.echo(f"{' '.join(map(str, files))}: ok, {counts}")
            click.echo("".join(map(_explained, found["profiles"])), nl=False)
    sys.exit(2 if found["problems"] else 0)


def _counted(number: int, kind: str) -> str:
    return f"{number} {kind.removesuffix('s') if number == 1 else kind}"


def _explained(use: Mapping[str, Any]) -> str:
    """What one issuer takes of its profile, a line for each key."""
    lines = [f"issuers.{use['issuer']} starts from the profile {use['profile']} ({use['file']}):"]
    for place, value in use["sets"].items():
        instead = use["instead"].get(place, value)
        lines.append(f"  {place}: {value}" + ("" if instead == value else f"    here {instead or 'taken away'}"))
    lines += [f"  {section}: {', '.join(names)}" for section, names in use["adds"].items() if names]
    return "\n".join([*lines, ""])


def _examined(files: tuple[Path, ...], profile: str | None) -> dict[str, list[Any]]:
    """Problems, warnings, the names in the seed, and its profiles, where it can be read."""
    found: dict[str, list[Any]] = {name: [] for name in FOUND}
    try:
        checked = seed.load(*files, profile=profile)
    except seed.SeedError as error:
        return {**found, "problems": [str(problem) for problem in error.problems]}
    named = " ".join(map(str, files))
    problems = [f"{named}: {problem}" for problem in imported.problems(checked.issuers)]
    return {
        "problems": problems,
        "warnings": [] if problems else [str(warning) for warning in checked.warnings],
        "issuers": [issuer.name for issuer in checked.issuers],
        "users": sorted({name for issuer in checked.issuers for name in issuer.users}),
        "clients": sorted({name for issuer in checked.issuers for name in issuer.clients}),
        "profiles": [{**asdict(use), "file": str(use.file)} for use in uses(files, profile)],
    }

"""``devidp check``: all mistakes of a seed file at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from devidp import seed
from devidp.cli.options import json_option, profile_option
from devidp.cli.remote import show
from devidp.keys import KeyProblem, material
from devidp.models import IssuerSettings


@click.command(name="check")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@profile_option()
@json_option
def command(files: tuple[Path, ...], profile: str | None, as_json: bool) -> None:
    """Read the seed as `devidp serve` would, and print every mistake with its line.

    Of several files, each is laid over those before it.

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
            counts = ", ".join(f"{len(found[kind])} {kind}" for kind in ("issuers", "users", "clients"))
            click.echo(f"{' '.join(map(str, files))}: ok, {counts}")
    sys.exit(2 if found["problems"] else 0)


def _examined(files: tuple[Path, ...], profile: str | None) -> dict[str, list[str]]:
    """Problems, warnings, and the names in the seed, where it can be read."""
    found: dict[str, list[str]] = {name: [] for name in ("problems", "warnings", "issuers", "users", "clients")}
    try:
        checked = seed.load(*files, profile=profile)
    except seed.SeedError as error:
        return {**found, "problems": [str(problem) for problem in error.problems]}
    named = " ".join(map(str, files))
    problems = [f"{named}: {problem}" for issuer in checked.issuers for problem in _key_problems(issuer)]
    return {
        "problems": problems,
        "warnings": [] if problems else [str(warning) for warning in checked.warnings],
        "issuers": [issuer.name for issuer in checked.issuers],
        "users": sorted({name for issuer in checked.issuers for name in issuer.users}),
        "clients": sorted({name for issuer in checked.issuers for name in issuer.clients}),
    }


def _key_problems(issuer: IssuerSettings) -> Iterator[str]:
    """Why the imported key of ``issuer`` cannot sign: the seed only checks its form."""
    if issuer.signing_key is not None:
        try:
            material.parse(issuer.signing_key, issuer.signing_algorithm, issuer.key_size)
        except KeyProblem as error:
            yield f"issuers.{issuer.name}.signing_key: {error}"

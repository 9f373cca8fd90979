"""``devidp check``: all mistakes of a seed file at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from devidp import seed
from devidp.keys import KeyProblem, material
from devidp.models import IssuerSettings


@click.command(name="check")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Read the seed FILE as `devidp serve` would, and print every mistake with its line.

    \b
    Example:
      devidp check seed.yaml

    Exit status: 0 it can be served (there may be warnings), 2 it cannot.
    """
    try:
        checked = seed.load(file)
    except seed.SeedError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    if problems := [f"{file}: {problem}" for issuer in checked.issuers for problem in _key_problems(issuer)]:
        click.echo("\n".join(problems), err=True)
        sys.exit(2)
    for warning in checked.warnings:
        click.echo(f"warning: {warning}", err=True)
    users = {name for issuer in checked.issuers for name in issuer.users}
    clients = {name for issuer in checked.issuers for name in issuer.clients}
    click.echo(f"{file}: ok, {len(checked.issuers)} issuers, {len(users)} users, {len(clients)} clients")


def _key_problems(issuer: IssuerSettings) -> Iterator[str]:
    """Why the imported key of ``issuer`` cannot sign: the seed only checks its form."""
    if issuer.signing_key is not None:
        try:
            material.parse(issuer.signing_key, issuer.signing_algorithm)
        except KeyProblem as error:
            yield f"issuers.{issuer.name}.signing_key: {error}"

"""``devidp profile``: the profiles that issuers start from."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from devidp.cli.options import Profile, json_option
from devidp.cli.remote import show as show_json
from devidp.seed import SeedError, difference, profile


@click.group(name="profile")
def command() -> None:
    """List and show the profiles that issuers start from, and compare them.

    \b
    Examples:
      devidp profile list
      devidp profile show keycloak > seed.yaml
      devidp profile diff keycloak ./mine.yaml
    """


@command.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """List the profiles that come with devidp."""
    known = {name: profile.title(name) for name in profile.names()}
    if as_json:
        show_json({"profiles": [{"name": name, "title": title} for name, title in known.items()]})
        return
    for name, title in known.items():
        click.echo(f"{name:<10} {title}")


@command.command()
@click.argument("named", metavar="PROFILE", type=Profile())
def show(named: str) -> None:
    """Print PROFILE: a seed with one issuer, to serve, to change, or to copy keys from.

    \b
    Example:
      devidp profile show keycloak > mine.yaml
    """
    click.echo(profile.find(named, Path()).read_text(encoding="utf-8"), nl=False)


@command.command()
@click.argument("first", type=Profile())
@click.argument("second", type=Profile())
@json_option
def diff(first: str, second: str, as_json: bool) -> None:
    """Print what the issuers of two profiles have that is not the same, by key.

    Each is a name or a file; any seed with one issuer will do.

    \b
    Example:
      devidp profile diff entra entra-v1

    Exit status: 0 they are the same, 1 they are not.
    """
    lines = difference.difference(_settings(first), _settings(second))
    if as_json:
        show_json({"first": first, "second": second, "difference": lines})
    elif lines:
        click.echo("\n".join([f"--- {first}", f"+++ {second}", *lines]))
    sys.exit(1 if lines else 0)


def _settings(named: str) -> Mapping[str, Any]:
    try:
        found = profile.settings(profile.read(named))
    except (SeedError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    return {key: value for key, value in found.items() if key != profile.KEY}

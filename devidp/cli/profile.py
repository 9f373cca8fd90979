"""``devidp profile``: the profiles that issuers start from."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, TextIO

import click

from devidp.cli.new_file import STDOUT, OutputFile, expect_new, write
from devidp.cli.options import WEB_URL, Profile, json_option
from devidp.cli.remote import show as show_json
from devidp.seed import SeedError, difference, profile, text

if TYPE_CHECKING:
    from devidp.tools.recording import Recording

TOKEN = click.File(errors="replace")
MAX_TOKEN = 1024 * 1024
"""Characters."""


class Compared(Profile):
    """A profile, or the URL of a provider."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return WEB_URL.convert(value, param, ctx) if "://" in value else super().convert(value, param, ctx)


@click.group(name="profile")
def command() -> None:
    """List, show, compare and record the profiles that issuers start from.

    \b
    Examples:
      devidp profile list
      devidp profile show keycloak > seed.yaml
      devidp profile diff keycloak ./mine.yaml
      devidp profile record https://idp.example.test/tenant
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
    try:
        click.echo(text.read(profile.find(named, Path())), nl=False)
    except SeedError as error:
        raise click.UsageError(str(error)) from error


@command.command()
@click.argument("first", type=Compared())
@click.argument("second", type=Compared())
@json_option
def diff(first: str, second: str, as_json: bool) -> None:
    """Print what the issuers of two profiles have that is not the same, by key.

    Each is a name, a file (any seed with one issuer will do) or the URL of a provider, which is
    recorded for that.

    \b
    Examples:
      devidp profile diff entra entra-v1
      devidp profile diff ./mine.yaml https://idp.example.test/tenant

    Exit status: 0 they are the same, 1 they are not.
    """
    lines = difference.difference(_settings(first), _settings(second))
    if as_json:
        show_json({"first": first, "second": second, "difference": lines})
    elif lines:
        click.echo("\n".join([f"--- {first}", f"+++ {second}", *lines]))
    sys.exit(1 if lines else 0)


@command.command()
@click.argument("url", type=WEB_URL)
@click.option(
    "--token",
    "access_token",
    type=TOKEN,
    metavar="FILE",
    help="An access token of it; - is stdin.",
)
@click.option("--id-token", type=TOKEN, metavar="FILE", help="An ID token of it; - is stdin.")
@click.option("--output", type=OutputFile(), metavar="FILE", help="Write the profile there.")
@click.option("--force", is_flag=True, help="Overwrite that file.")
def record(url: str, access_token: TextIO | None, id_token: TextIO | None, output: Path | None, force: bool) -> None:
    """Write a profile of the provider at URL, an issuer of any vendor.

    It reads the metadata and the keys that the provider publishes, and sends nothing else to anyone.
    Of a token it keeps the header's members and the names and types of the claims, no value.
    What a profile cannot say is named in its first lines, and the profile of devidp that is most
    like it on stderr, with the difference.

    \b
    Examples:
      devidp profile record https://idp.example.test/tenant > mine.yaml
      devidp profile record https://idp.example.test/tenant --token token.txt --output mine.yaml

    Exit status: 0 it was recorded, 1 it could not be.
    """
    expect_new(output, force=force)
    found = _recorded(url, *(file.read(MAX_TOKEN) if file else None for file in (access_token, id_token)))
    if output in (None, STDOUT):
        click.echo(found.text, nl=False)
    else:
        write(output, found.text, force=force, then="Start with it", flag="--profile")
    click.echo("\n".join([f"--- {found.nearest}, the nearest", f"+++ {url}", *found.difference]), err=True)


def _recorded(url: str, *tokens: str | None) -> Recording:
    recording = resolve_name("devidp.tools.recording")
    try:
        found: Recording = recording.record(url, *tokens)
    except (recording.Unreadable, SeedError) as error:
        raise click.ClickException(str(error)) from error
    return found


def _settings(named: str) -> Mapping[str, Any]:
    try:
        read = profile.parse(_recorded(named).text, named) if "://" in named else profile.read(named)
    except (SeedError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    return {key: value for key, value in profile.settings(read).items() if key != profile.KEY}

"""``devidp import``: a seed of what another tool is configured with."""

from __future__ import annotations

from pathlib import Path

import click

from devidp import seed
from devidp.cli.new_file import STDOUT, OutputFile, expect_new, write
from devidp.cli.options import json_option
from devidp.cli.remote import show
from devidp.seed.imports import TOOLS, import_files


@click.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--from", "tool", type=click.Choice(list(TOOLS)), help="Whose they are; by default what they look like.")
@click.option("--output", "-o", type=OutputFile(), help="Write the seed there and not to stdout.")
@click.option("--force", is_flag=True, help="Overwrite that file.")
@json_option
def command(files: tuple[Path, ...], tool: str | None, output: Path | None, force: bool, as_json: bool) -> None:
    """Make a seed of the configuration in FILES, or in a folder: a realm export of Keycloak, JSON_CONFIG of
    navikt's mock-oauth2-server, settings.yaml and users.yaml of nanoidp.

    What cannot be carried over is listed on stderr, each with its reason.

    \b
    Examples:
      devidp import realm-export.json --output seed.yaml
      devidp import --from nanoidp config/

    Exit status: 0 it was written, whatever it lacks, 2 the files cannot be read.
    """
    output = None if output == STDOUT else output
    expect_new(output, force=force)
    try:
        imported = import_files(files, tool)
    except seed.SeedError as error:
        raise click.UsageError(str(error)) from error
    if output is not None:
        write(output, imported.text, force=force, then="Check it, and start with it")
    if as_json:
        lost = [{"name": each.name, "reason": each.reason} for each in imported.lost]
        show({"tool": imported.tool.title, "lost": lost, **({} if output else {"seed": imported.text})})
        return
    if output is None:
        click.echo(imported.text, nl=False)
    for each in imported.lost:
        click.secho(f"not carried over: {each}", fg="yellow", err=True)

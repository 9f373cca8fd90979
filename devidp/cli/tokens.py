"""``devidp tokens``: a file full of tokens, for load tests of other servers."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from devidp.cli import ending
from devidp.cli.bulk import BulkError, mint_many
from devidp.cli.new_file import STDOUT, OutputFile, open_output
from devidp.cli.options import PUBLIC_URL, data_group_option, profile_option
from devidp.models.config import Config
from devidp.system.default_folder import default_data_folder
from devidp.system.files import PrivateFileError
from devidp.system.regular_files import open_regular
from devidp.system.urls import port_of

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

FILE = click.Path(path_type=Path)


@click.command(name="tokens")
@click.option("--count", type=click.IntRange(1), required=True, metavar="N", help="How many.")
@click.option(
    "--output", type=OutputFile(), required=True, help="The file to write, a token per line; mode 0600. - is stdout."
)
@click.option("--seed", multiple=True, type=FILE, help="The seed file; may be given again. Default: the shipped one.")
@profile_option()
@data_group_option()
@click.option("--data", type=FILE, help="The data folder with the keys. Default: that of the port of --public-url.")
@click.option(
    "--public-url",
    type=PUBLIC_URL,
    metavar="URL",
    default="http://localhost:6749",
    show_default=True,
    help="Base of the issuers.",
)
@click.option("--issuer", metavar="NAME", help="Name of the issuer; the first one by default.")
@click.option("--user", "users", multiple=True, metavar="NAME", help="A user; given again, users take turns.")
@click.option("--client", metavar="ID", help="The client.")
@click.option("--audience", multiple=True, metavar="AUDIENCE", help="The resource they are for; may be given again.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPES",
    help="Scopes, separated by spaces; given again, they take turns.",
)
@click.option("--template", type=FILE, help="JSON: a list of tokens to take turns, with the keys of `devidp token`.")
@click.option("--lifetime", default="1h", show_default=True, metavar="1h", help="How long they live.")
@click.option("--processes", default=os.cpu_count() or 1, type=click.IntRange(1), help="Default: one per core.")
def command(
    count: int, output: Path, seed: tuple[Path, ...], profile: str | None, data: Path | None, data_group: bool,
    public_url: str, issuer: str | None, users: tuple[str, ...], scopes: tuple[str, ...], template: Path | None,
    processes: int, **asked: Any,
) -> None:  # fmt: skip
    """Mint tokens into a file, on all cores. No devidp needs to run; the keys are those of its data folder.

    \b
    Example:
      devidp tokens --count 100000 --output tokens.txt --user alice --user bob --scope mcp:read
      devidp tokens --count 100000 --output tokens.txt --template tokens.json
    """
    try:
        folder = data.absolute() if data else default_data_folder(port_of(public_url))
    except PrivateFileError as error:
        raise click.ClickException(str(error)) from error
    config = Config(public_url, seed_paths=seed, profile=profile, data_dir=folder, data_group=data_group)
    common = {name: list(value) if isinstance(value, tuple) else value for name, value in asked.items() if value}
    turns = [{"user": user, "scope": scope} for user in users or (None,) for scope in scopes or (None,)]
    wanted = [{**common, **turn, **each} for each in _template(template) for turn in turns]
    try:
        _write(output, count, config, issuer, wanted, processes)
    except BulkError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} tokens in {'stdout' if output == STDOUT else output}", err=True)


def _template(path: Path | None) -> list[dict[str, Any]]:
    """What is said of each token in the file, or of all of them where there is none."""
    if path is None:
        return [{}]
    try:
        with os.fdopen(open_regular(path), encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise click.ClickException(f"--template {path} cannot be read: {why}") from error
    listed = found if isinstance(found, list) else [found]
    if not listed or not all(isinstance(each, dict) for each in listed):
        raise click.ClickException(f'--template {path} holds no tokens, expected a list such as [{{"user": "alice"}}]')
    return listed


def _write(
    path: Path, count: int, config: Config, issuer: str | None, wanted: list[dict[str, Any]], processes: int
) -> None:
    bar: ProgressBar[int] = click.progressbar(length=count, label="Minting", file=sys.stderr)
    with (
        ending.in_order(),
        open_output(path, 0o600) as file,
        bar,
        closing(mint_many(config, issuer, wanted, count, processes)) as blocks,
    ):
        for block in blocks:
            file.write(block.text)
            bar.update(block.tokens)

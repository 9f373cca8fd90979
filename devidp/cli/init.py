"""``devidp init``: a seed to start from."""

from __future__ import annotations

import os
from pathlib import Path

import click

from devidp.seed import shipped_path
from devidp.system.files import open_regular


@click.command(name="init")
@click.argument("file", type=click.Path(path_type=Path), default="seed.yaml")
@click.option("--force", is_flag=True, help="Overwrite the file.")
def command(file: Path, force: bool) -> None:
    """Write the shipped seed with its comments to FILE (seed.yaml).

    \b
    Examples:
      devidp init
      devidp init config/idp.yaml
    """
    try:
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if force else os.O_EXCL)
        with os.fdopen(open_regular(file, flags, 0o666), "w", encoding="utf-8") as target:
            target.write(shipped_path().read_text(encoding="utf-8"))
    except FileExistsError as error:
        raise click.ClickException(
            f"{file} is there already. Name another file, or overwrite it with --force."
        ) from error
    except OSError as error:
        raise click.ClickException(
            f"{file} cannot be written: {error.strerror}. Name a file in a folder of yours."
        ) from error
    click.echo(f"Wrote {file}. Start with it: devidp --seed {file}")

"""``devidp init``: a seed to start from."""

from __future__ import annotations

from pathlib import Path

import click

from devidp.seed import shipped_path


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
        with file.open("w" if force else "x", encoding="utf-8") as target:
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

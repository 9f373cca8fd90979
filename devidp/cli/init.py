"""``devidp init``: a seed to start from."""

from __future__ import annotations

from pathlib import Path

import click

from devidp.cli.new_file import OutputFile, write
from devidp.seed import shipped_path


@click.command(name="init")
@click.argument("file", type=OutputFile(), default="seed.yaml")
@click.option("--force", is_flag=True, help="Overwrite the file.")
def command(file: Path, force: bool) -> None:
    """Write the shipped seed with its comments to FILE (seed.yaml), or to stdout for `-`.

    \b
    Examples:
      devidp init
      devidp init config/idp.yaml
    """
    write(file, shipped_path().read_text(encoding="utf-8"), force=force, then="Start with it")

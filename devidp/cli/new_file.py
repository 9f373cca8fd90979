"""A file that a command writes for its user."""

from __future__ import annotations

import os
from pathlib import Path

import click

from devidp.system.files import open_regular


def write(path: Path, text: str, *, force: bool, then: str, flag: str = "--seed") -> None:
    """Write ``text`` to ``path``, and say so and what to do ``then``; ``-`` is stdout.

    A file that is there already is only overwritten by ``force``.
    """
    if _put(path, text, os.O_TRUNC if force else os.O_EXCL):
        click.echo(f"Wrote {path}. {then}: devidp {flag} {path}", err=True)


def replace(path: Path, text: str) -> None:
    """Write ``text`` to ``path``, whatever is there, and say so; ``-`` is stdout."""
    if _put(path, text, os.O_TRUNC):
        click.echo(f"Wrote {path}.", err=True)


def _put(path: Path, text: str, flag: int) -> bool:
    """Whether ``text`` went to a file."""
    if str(path) == "-":
        click.echo(text, nl=False)
        return False
    try:
        with os.fdopen(open_regular(path, os.O_WRONLY | os.O_CREAT | flag, 0o666), "w", encoding="utf-8") as target:
            target.write(text)
    except FileExistsError as error:
        raise click.ClickException(
            f"{path} is there already. Name another file, or overwrite it with --force."
        ) from error
    except OSError as error:
        raise click.ClickException(
            f"{path} cannot be written: {error.strerror}. Name a file in a folder of yours."
        ) from error
    return True

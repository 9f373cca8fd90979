"""A file that a command writes for its user: what can be refused is refused first, and it is whole or as it was."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from devidp.system.regular_files import expect_writable, replaced

STDOUT = Path("-")


class OutputFile(click.Path):
    """The path of a file to write, which can be written; ``-`` is stdout."""

    def __init__(self, expect: Callable[[Path], None] = expect_writable) -> None:
        super().__init__(path_type=Path)
        self._expect = expect

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if path != STDOUT:
            try:
                self._expect(path)
            except OSError as error:
                self.fail(_unwritable(path, error), param, ctx)
        return path


def expect_new(path: Path | None, *, force: bool) -> None:
    """Raises ClickException where ``path`` is there already, unless by ``force``."""
    if path and path != STDOUT and not force and os.path.lexists(path):
        raise _there(path)


def write(path: Path, text: str, *, force: bool, then: str, flag: str = "--seed") -> None:
    """Write ``text`` to ``path``, and say so and what to do ``then``.

    A file that is there already is only overwritten by ``force``.
    """
    with open_output(path, anew=not force) as file:
        file.write(text)
    if path != STDOUT:
        click.echo(f"Wrote {path}. {then}: devidp {flag} {path}", err=True)


def replace(path: Path, text: str) -> None:
    """Write ``text`` to ``path``, whatever is there, and say so."""
    with open_output(path) as file:
        file.write(text)
    if path != STDOUT:
        click.echo(f"Wrote {path}.", err=True)


@contextmanager
def open_output(path: Path, mode: int | None = None, *, anew: bool = False) -> Iterator[TextIO]:
    """What is to be at ``path`` at the end, as ``replaced``; raises ClickException for its errors."""
    if path == STDOUT:
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        with replaced(path, mode, anew=anew) as file:
            yield file
    except FileExistsError as error:
        raise _there(path) from error
    except OSError as error:
        raise click.ClickException(_unwritable(path, error)) from error


def _there(path: Path) -> click.ClickException:
    return click.ClickException(f"{path} is there already. Name another file, or overwrite it with --force.")


def _unwritable(path: Path, error: OSError) -> str:
    return f"{path} cannot be written: {error.strerror}. Name a file in a folder of yours."

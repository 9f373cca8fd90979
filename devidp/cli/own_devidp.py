"""A devidp for as long as a command takes."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import click

from devidp.seed import SeedError
from devidp.server.address import AddressError

if TYPE_CHECKING:
    from devidp.server.local import DevIdP


@contextmanager
def own_devidp(seeds: Sequence[Path] = (), **options: Any) -> Iterator[DevIdP]:
    """With the shipped seed where there are no ``seeds``; a mistake in one of them ends the command."""
    try:
        own: DevIdP = resolve_name("devidp.server.local:DevIdP")(list(seeds) or None, **options)
    except SeedError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except AddressError as error:
        raise click.ClickException(str(error)) from error
    # what goes wrong at it is asked for: its log says it to nobody
    logging.getLogger("devidp").addHandler(logging.NullHandler())
    with own:
        yield own

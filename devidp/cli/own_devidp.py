"""A devidp for as long as a command takes."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import click

from devidp.cli.options import Port, by_flag, setting
from devidp.cli.remote import chosen_url, url_option
from devidp.seed import SeedError
from devidp.server.address import AddressError
from devidp.web.api_client import ApiClient

if TYPE_CHECKING:
    from devidp.server.local import DevIdP


control_token_option = setting(
    "--control-token", metavar="TOKEN", help="Of the running devidp, where it is not on this machine."
)


def running_or_own_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that ``running_or_own`` reads."""
    for option in (
        url_option,
        setting(
            "--port", default=6749, type=Port(1), metavar="PORT",
            help="Of the running devidp, or with --seed of its own.",
        ),
        control_token_option,
        click.option(
            "--seed", "seeds", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
            help="Start a devidp with this seed on --port, in place of the running one. Repeatable.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def running_devidp(values: dict[str, Any]) -> ApiClient:
    """The devidp that runs, as ``--url``, ``--port`` and ``--control-token`` say."""
    return ApiClient(chosen_url(values["url"]) or f"http://127.0.0.1:{values['port']}", values["control_token"])


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


@contextmanager
def running_or_own(values: dict[str, Any], purpose: str) -> Iterator[ApiClient]:
    """The devidp that runs, or with ``seeds`` one of our own on its port, where servers look for it."""
    if not values["seeds"]:
        yield running_devidp(values)
        return
    if by_flag(click.get_current_context(), "url"):
        raise click.UsageError("--seed starts a devidp, and --url names one that runs; give one of them")
    port = values["port"]
    with own_devidp(values["seeds"], port=port, public_url=f"http://localhost:{port}") as own:
        click.echo(f"devidp for this {purpose}: {own.issuer}", err=True)
        yield ApiClient(own.local_url)

"""Options that say which requests a scripted answer is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
OPTIONS = (
    ("--client", "ID", "Only requests of this client."),
    ("--user", "NAME", "Only requests of this user."),
    ("--issuer", "NAME", "Only at this issuer."),
    ("--grant", "TYPE", "Only this grant type, for instance refresh_token."),
    ("--state", "STATE", "Only the flow whose authorization request has this state."),
)


def matching(command: Decorated) -> Decorated:
    """``times`` and the fields of a match."""
    for flag, metavar, text in reversed(OPTIONS):
        command = click.option(flag, metavar=metavar, help=text)(command)
    times = click.option("--times", type=click.IntRange(1), default=1, metavar="N", help="How often; once by default.")
    for_ever = click.option("--always", is_flag=True, help="Until it is cleared.")
    return times(for_ever(command))


def waiting_line(each: dict[str, Any]) -> str:
    """One scripted thing as a line."""
    match = " ".join(f"{name}={value}" for name, value in each["match"].items()) or "any request"
    times = "until cleared" if each["times"] is None else f"{each['times']} times"
    place = f" at {each['endpoint']}" if each["endpoint"] else ""
    return f"{each['id']:>4}  {each['name']}{place}, {times}, {match}"

"""What ``devidp arm`` and ``devidp fail`` share: the requests that are meant, and the list of what waits for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from devidp.cli.remote import Remote

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
OPTIONS = (
    ("--client", "ID", "Only requests of this client."),
    ("--user", "NAME", "Only requests of this user."),
    ("--issuer", "NAME", "Only at this issuer."),
    ("--grant", "TYPE", "Only this grant type, for instance refresh_token."),
    ("--state", "STATE", "Only the flow whose authorization request has this state."),
)


def match_options(command: Decorated) -> Decorated:
    """``times``, ``always`` and the fields of a match."""
    for flag, metavar, text in reversed(OPTIONS):
        command = click.option(flag, metavar=metavar, help=text)(command)
    times = click.option("--times", type=click.IntRange(1), default=1, metavar="N", help="How often; once by default.")
    always = click.option("--always", is_flag=True, help="Until it is cleared.")
    likely = click.option("--probability", type=click.FloatRange(0, 1, min_open=True), metavar="P", help="How likely.")
    return times(always(likely(command)))


def script(
    remote: Remote, path: str, named: str | None, *, clear: bool, times: int, always: bool, **members: Any
) -> None:
    """Clear what waits at ``path``, or list it where nothing is ``named``, or add ``members``."""
    if clear:
        click.echo(f"{remote.delete(path)['cleared']} cleared")
    elif named is None:
        for each in remote.get(path)["waiting"]:
            click.echo(_line(each))
    else:
        present = {name: value for name, value in members.items() if value is not None}
        # null is a value here: until it is cleared
        click.echo(_line(remote.send("POST", path, {**present, "times": None if always else times})))


def _line(each: dict[str, Any]) -> str:
    match = " ".join(f"{name}={value}" for name, value in each["match"].items()) or "any request"
    times = "until cleared" if each["times"] is None else f"{each['times']} times"
    place = f" at {each['endpoint']}" if each["endpoint"] else ""
    token = f" in {each['token_type']} tokens" if each["token_type"] else ""
    likely = "" if each["probability"] == 1 else f", with probability {each['probability']:g}"
    return f"{each['id']:>4}  {each['name']}{place}{token}, {times}{likely}, {match}"

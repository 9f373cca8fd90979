"""What ``devidp arm`` and ``devidp fail`` share: the requests that are meant, and the list of what waits for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

import click

from devidp.cli import completion
from devidp.cli.options import json_option
from devidp.cli.remote import Remote, report

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
ALL = ""
"""The value of a ``--clear`` that names no id."""
OPTIONS = (
    ("--client", "ID", "Only requests of this client.", completion.clients),
    ("--user", "NAME", "Only requests of this user.", completion.users),
    ("--issuer", "NAME", "Only at this issuer.", None),
    ("--grant", "TYPE", "Only this grant type, for instance refresh_token.", None),
    ("--state", "STATE", "Only the flow whose authorization request has this state.", None),
)


def match_options(command: Decorated) -> Decorated:
    """``times``, ``always`` and the fields of a match."""
    for flag, metavar, text, complete in reversed(OPTIONS):
        command = click.option(flag, metavar=metavar, help=text, shell_complete=complete)(command)
    times = click.option("--times", type=click.IntRange(1), metavar="N", help="How often; once by default.")
    always = click.option("--always", is_flag=True, help="Until it is cleared.")
    likely = click.option("--probability", type=click.FloatRange(0, 1, min_open=True), metavar="P", help="How likely.")
    return json_option(times(always(likely(command))))


def clear_option(command: Decorated) -> Decorated:
    """``--clear`` for all that wait, ``--clear ID`` for one."""
    return click.option(
        "--clear", is_flag=False, flag_value=ALL, metavar="[ID]", help="Clear the one with this id, or all."
    )(command)


def script(
    remote: Remote,
    path: str,
    named: str | None,
    *,
    clear: str | None,
    times: int | None,
    always: bool,
    as_json: bool,
    **members: Any,
) -> None:
    """Clear what waits at ``path``, or list it where nothing is ``named``, or add ``members``."""
    if always and times is not None:
        raise click.UsageError("--always and --times contradict each other")
    if clear is not None or named is None:
        refuse("--clear" if clear is not None else "the list of what waits", times=times, always=always, **members)
    if clear is not None:
        answer = remote.delete(path if clear == ALL else f"{path}/{quote(clear, safe='')}")
        report(as_json, answer, [f"{answer['cleared']} cleared"])
    elif named is None:
        answer = remote.get(path)
        report(as_json, answer, map(_line, (*answer["waiting"], *answer["spent"])))
    else:
        present = {name: value for name, value in members.items() if value is not None}
        # null is a value here: until it is cleared
        answer = remote.send("POST", path, {**present, "times": None if always else times or 1})
        report(as_json, answer, [_line(answer)])


def refuse(what: str, **typed: Any) -> None:
    """Raise UsageError where anything was typed beside ``what``: nothing is ever ignored."""
    for name, value in typed.items():
        if value not in (None, False):
            raise click.UsageError(f"{what} takes nothing else, got {name} {value!r}")


def _line(each: dict[str, Any]) -> str:
    match = " ".join(f"{name}={value}" for name, value in each["match"].items()) or "any request"
    times = "until cleared" if each["times"] is None else _often(each["times"]) if each["times"] else "over"
    fired = f", has happened {_often(each['fired'])}" if each["fired"] else ""
    place = f" at {each['endpoint']}" if each["endpoint"] else ""
    token = f" in {each['token_type']} tokens" if each["token_type"] else ""
    likely = "" if each["probability"] == 1 else f", with probability {each['probability']:g}"
    return f"{each['id']:>4}  {each['name']}{place}{token}, {times}{fired}{likely}, {match}"


def _often(times: int) -> str:
    return "once" if times == 1 else f"{times} times"

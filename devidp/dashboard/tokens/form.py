"""The form that mints: from what was typed, or is in the query of a link, to the parameters of the minting API."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from devidp.dashboard.size import fits
from devidp.oauth import name_value
from devidp.web.control.errors import ControlError, UnknownName

BESIDE: Final = ("form_token", "find", "pick", "search")
"""Fields of the form that are no parameters."""
LONGEST: Final = 4_000
"""Bytes of a field."""


def read(typed: MultiDict[str, str]) -> dict[str, Any]:
    """The parameters; raises ControlError for a field that is none, and for a value that cannot be read.

    What is wrong with a value that can be read, minting says itself.
    """
    parameters: dict[str, Any] = {}
    for name in typed:
        if name in BESIDE:
            continue
        if name not in FIELDS:
            raise UnknownName("parameter", name, FIELDS)
        if not fits("\n".join(typed.getlist(name)), LONGEST):
            raise ControlError(f"{name}: it is too long for a form; the control API takes it")
        values = [each for each in (value.strip() for value in typed.getlist(name)) if each]
        if values:
            parameters[name] = FIELDS[name](name, values)
    return parameters


def kept(typed: MultiDict[str, str]) -> dict[str, str]:
    """What the fields show again: one text each."""
    joint = {name: "\n" if FIELDS[name] is _members else " " for name in FIELDS}
    texts = {name: joint[name].join(typed.getlist(name)) for name in FIELDS if name in typed}
    return {name: text for name, text in texts.items() if fits(text, LONGEST)}


def _text(name: str, values: Sequence[str]) -> str:
    if len(set(values)) > 1:
        raise ControlError(f"{name}: got {' and '.join(values)}, expected one value")
    return values[0]


def _words(_: str, values: Sequence[str]) -> str | list[str]:
    words = list(dict.fromkeys(" ".join(values).split()))
    return words[0] if len(words) == 1 else words


def _user(name: str, values: Sequence[str]) -> Any:
    text = _text(name, values)
    return _object(name, text) if text.startswith("{") else text


def _members(name: str, values: Sequence[str]) -> dict[str, Any]:
    """A JSON object, or lines of ``name=value`` as the command takes them."""
    text = "\n".join(values)
    if text.startswith("{"):
        return _object(name, text)
    lines = [line for line in (each.strip() for each in text.splitlines()) if line]
    try:
        return name_value.members(lines)
    except ValueError as error:
        raise ControlError(f"{name}: {error}, one a line, or a JSON object") from None


def _object(name: str, text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ControlError(f"{name}: got {text[:40]!r}, expected a JSON object: {error}") from None
    return found


def _flag(name: str, values: Sequence[str]) -> bool:
    text = _text(name, values)
    if text not in ("on", "true", "false"):
        raise ControlError(f"{name}: got {text!r}, expected true or false")
    return text != "false"


FIELDS: Final[dict[str, Callable[[str, Sequence[str]], Any]]] = {
    "user": _user,
    "client": _text,
    "issuer": _text,
    "token_type": _text,
    "scope": lambda _, values: " ".join(values),
    "audience": _words,
    "resource": _words,
    "free": _flag,
    "lifetime": _text,
    "not_before": _text,
    "fault": _words,
    "claims": _members,
    "drop": _words,
    "header": _members,
    "drop_header": _words,
    "key": _text,
}
"""Every parameter of the minting API, and how its field is read."""

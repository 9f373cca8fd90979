"""``WWW-Authenticate``, strictly: the challenges of an answer, or what is wrong with their grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_LIST = re.compile(rf'(?:[^",]|{_QUOTED}|,)*')
_ELEMENT = re.compile(rf'(?:[^",]|{_QUOTED})+')
_PARAMETER = re.compile(rf"({_TOKEN})[ \t]*=[ \t]*({_TOKEN}|{_QUOTED})")
_SCHEME = re.compile(rf"({_TOKEN})(?: +(.*))?")
_TOKEN68 = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_TEXT = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]*")
"""What ``error``, ``error_description`` and ``scope`` may hold (RFC 6750 section 3)."""
_RESTRICTED = ("error", "error_description", "scope")


class Malformed(ValueError):
    """The header does not follow the grammar; the message shows the place."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """Of one scheme (RFC 9110 section 11.6.1)."""

    scheme: str
    """In lower case."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case, values without quotes."""


def parse(values: Iterable[str]) -> list[Challenge]:
    """The challenges of every header of an answer, in their order. Raises Malformed."""
    return [Challenge(scheme, parameters) for value in values for scheme, parameters in _challenges(value)]


def _challenges(value: str) -> list[tuple[str, dict[str, str]]]:
    """An element of the list begins a challenge, or is a parameter of the last one."""
    found: list[tuple[str, dict[str, str]]] = []
    for element in _elements(value):
        parameter = _PARAMETER.fullmatch(element)
        if parameter is None:
            scheme, rest = _beginning(element)
            found.append((scheme, {}))
            parameter = _PARAMETER.fullmatch(rest)
            if parameter is None and rest and not _TOKEN68.fullmatch(rest):
                raise Malformed(f"expected name=value, with a comma before the next one, got: {rest}")
        if parameter and not found:
            raise Malformed(f"expected a scheme first, got: {element}")
        if parameter:
            _add(found[-1][1], parameter[1].lower(), _unquoted(parameter[2]))
    return found


def _elements(value: str) -> Iterator[str]:
    if not _LIST.fullmatch(value):
        raise Malformed(f"a quotation mark is not closed: {value}")
    return filter(None, (element.strip(" \t") for element in _ELEMENT.findall(value)))


def _beginning(element: str) -> tuple[str, str]:
    """The scheme in lower case, and what comes behind it."""
    begun = _SCHEME.fullmatch(element)
    if begun is None:
        raise Malformed(f"expected a scheme or name=value between commas, got: {element}")
    return begun[1].lower(), begun[2] or ""


def _add(parameters: dict[str, str], name: str, value: str) -> None:
    if name in parameters:
        raise Malformed(f"{name} comes twice in one challenge")
    if name in _RESTRICTED and not _TEXT.fullmatch(value):
        raise Malformed(f"{name} has characters that it may not have: {value!r}")
    parameters[name] = value


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value

"""What a failure is, and the decorator that makes a function one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from socket import socket
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Response

from devidp.oauth.suggestion import did_you_mean

Options = Mapping[str, Any]


class FailureRefused(Exception):
    """A failure that was asked for does not exist or cannot be as asked; the message says what can."""


@dataclass(slots=True)
class Answer:
    """The answer of an endpoint on its way out, and what a failure may do to it."""

    response: Response
    options: Options
    other_metadata: Callable[[], dict[str, Any]]
    """The metadata of another issuer of the same server, or of none."""
    active_kid: Callable[[], str]
    connection: socket | None = None
    """The way to the client, where the server hands it out."""

    def members(self) -> dict[str, Any]:
        """The JSON object of the body; empty where the body is none."""
        try:
            found = json.loads(self.response.get_data())
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def put(self, members: Any) -> None:
        """Answer with other JSON."""
        self.body(json.dumps(members).encode())

    def body(self, body: bytes, content_type: str | None = None) -> None:
        self.response.set_data(body)
        self.response.headers.pop("ETag", None)
        if content_type is not None:
            self.response.headers["Content-Type"] = content_type

    def parameters(self) -> dict[str, str]:
        """What a redirect brings to the client, in its query or its fragment."""
        location = urlsplit(self.response.headers.get("Location", ""))
        return dict(parse_qsl(getattr(location, _part(location)), keep_blank_values=True))

    def redirect(self, parameters: Mapping[str, str]) -> None:
        """Bring the client other parameters."""
        location = urlsplit(self.response.headers["Location"])
        changed = location._replace(**{_part(location): urlencode(parameters)})
        self.response.headers["Location"] = urlunsplit(changed)


def _part(location: SplitResult) -> str:
    return "fragment" if "code=" in location.fragment else "query"


Spoil = Callable[[Answer], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """A way for an answer to be wrong. Without ``endpoints`` it can happen at any."""

    name: str
    group: str
    description: str
    section: str
    endpoints: tuple[str, ...]
    options: Mapping[str, type]
    """What it can be told, and of which type."""
    before: bool
    """Whether it takes the place of the endpoint, which then changes nothing."""
    spoil: Spoil = field(repr=False)


FAILURES: dict[str, Failure] = {}


def failure(section: str, *endpoints: str, before: bool = False, **options: type) -> Callable[[Spoil], Spoil]:
    """Register the function: its name is that of the failure, its docstring the sentence, its module the group."""

    def register(spoil: Spoil) -> Spoil:
        name = spoil.__name__.rstrip("_").replace("_", "-")
        group = spoil.__module__.rpartition(".")[2]
        sentence = " ".join((spoil.__doc__ or "").split())
        FAILURES[name] = Failure(name, group, sentence, section, endpoints, options, before, spoil)
        return spoil

    return register


def find(name: str, endpoint: str, options: Options) -> Failure:
    """The failure of this name, where the endpoint can have it; raises FailureRefused."""
    found = FAILURES.get(name)
    if found is None:
        hint = did_you_mean(name, FAILURES, ", did you mean {!r}?")
        raise FailureRefused(f"there is no failure {name!r}{hint}; there are: {', '.join(FAILURES)}")
    if found.endpoints and endpoint not in found.endpoints:
        raise FailureRefused(f"{name} cannot happen at {endpoint}, only at: {', '.join(found.endpoints)}")
    for option, value in options.items():
        _check(found, option, value)
    return found


def _check(found: Failure, option: str, value: object) -> None:
    wanted = found.options.get(option)
    if wanted is None:
        allowed = ", ".join(found.options) or "none"
        raise FailureRefused(f"{found.name} has no option {option!r}; it has: {allowed}")
    if type(value) is not wanted:
        raise FailureRefused(f"{option} of {found.name} is {value!r}, expected a value of type {wanted.__name__}")

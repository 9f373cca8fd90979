"""What a failure is, and the decorator that makes a function one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from socket import socket
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from flask import Response

from devidp.faults.failures.expectation import Expectation
from devidp.oauth.suggestion import did_you_mean


class FailureRefused(Exception):
    """A requested failure does not exist, or not with these options; the message says what does."""


JSON = (
    "certificates", "client-configuration", "device_authorization", "discovery", "introspect", "jwks", "par",
    "register", "token", "tokeninfo", "userinfo",
)  # fmt: skip
"""The endpoints that answer with a JSON object."""
GENERAL = ("anything", "body", "redirect")
"""Groups of what can happen to any answer, good or not."""
ATTACKER = "https://attacker.example"
"""Where answers lead that should not be followed: the default of the option `to`."""


@dataclass(slots=True)
class SpoiledResponse:
    """The answer of an endpoint before it is sent, and what a failure may do to it."""

    response: Response
    options: Mapping[str, Any]
    other_metadata: Callable[[], dict[str, Any]]
    """The metadata of another issuer of the same server, or of none."""
    active_kid: Callable[[], str]
    connection: socket | None = None
    """The way to the client, where the server hands it out."""
    path: str = "/"
    """Of the request."""
    sent: Mapping[str, str] = field(default_factory=dict)
    """The parameters of the request."""
    code_of_another: Callable[[str], str] = str
    """From a code to one of the same client and user, that another browser began."""
    answer: Mapping[str, str] | None = None
    """What a page brings to the client, where no redirect does."""

    def members(self) -> dict[str, Any]:
        """The JSON object of the body; empty where the body is none."""
        found = self.response.get_json(force=True, silent=True)
        return found if isinstance(found, dict) else {}

    def change(self, **members: Any) -> None:
        """Answer with other values of these members."""
        self.put({**self.members(), **members})

    def leave_out(self, name: str) -> None:
        """Answer without a member."""
        self.put({key: value for key, value in self.members().items() if key != name})

    def put(self, members: Any) -> None:
        """Answer with other JSON."""
        self.body(json.dumps(members).encode())

    def error(self, status: int, code: str, description: str = "A test asked for this error") -> None:
        """Answer with an OAuth error."""
        self.response.status_code = status
        self.put({"error": code, "error_description": description})
        self.response.headers["Content-Type"] = "application/json"

    def body(self, body: bytes, content_type: str | None = None) -> None:
        self.response.set_data(body)
        self.response.headers.pop("ETag", None)
        if content_type is not None:
            self.response.headers["Content-Type"] = content_type

    def elsewhere(self, url: str) -> str:
        """``url`` at the option ``to``, which says the origin alone or the whole URL."""
        to = urlsplit(str(self.options.get("to", ATTACKER)))
        if to.path not in ("", "/"):
            return to.geturl()
        return urlsplit(url)._replace(scheme=to.scheme, netloc=to.netloc).geturl()

    def parameters(self) -> dict[str, str]:
        """What comes to the client: the parameters of a redirect, in its query or its fragment, or of a page."""
        if self.answer is not None:
            return dict(self.answer)
        location = urlsplit(self.response.headers.get("Location", ""))
        return dict(parse_qsl(getattr(location, _part(location)), keep_blank_values=True))

    def redirect(self, **parameters: str | None) -> None:
        """Bring other values of these parameters to the client; ``None`` leaves one out."""
        changed = {name: value for name, value in {**self.parameters(), **parameters}.items() if value is not None}
        if self.answer is not None:
            self.answer = changed
            return
        location = urlsplit(self.response.headers["Location"])
        self.response.headers["Location"] = location._replace(**{_part(location): urlencode(changed)}).geturl()


def other_slash(url: str) -> str:
    """``url`` with a slash at its end, or without the one that it has."""
    return url.removesuffix("/") if url.endswith("/") else f"{url}/"


def _part(location: SplitResult) -> str:
    return "fragment" if location.fragment else "query"


Spoil = Callable[[SpoiledResponse], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """A way for an answer to be wrong. Without ``endpoints`` it can happen at any endpoint."""

    name: str
    group: str
    description: str
    section: str
    endpoints: tuple[str, ...]
    options: Mapping[str, type]
    """Names and types."""
    before: bool
    """Whether it takes the place of the endpoint, which then changes nothing."""
    redirect: bool
    """Whether it spoils what a redirect brings to the client, and no JSON."""
    for_users: bool
    """Whether only an answer that speaks for a user has what it spoils."""
    expects: Expectation
    """What a client has to do then."""
    spoil: Spoil = field(repr=False)

    @property
    def general(self) -> bool:
        """Whether it can happen to any answer, a refusal too."""
        return self.group in GENERAL


FAILURES: dict[str, Failure] = {}
LIMITS = {"status": (200, 599), "retry_after": (0, 2**31 - 1), "seconds": (0, 120)}
"""The lowest and the highest value of an option that is a number."""


def failure(
    section: str,
    *endpoints: str,
    before: bool = False,
    redirect: bool = False,
    for_users: bool = False,
    expects: Expectation,
    **options: type,
) -> Callable[[Spoil], Spoil]:
    """Register the function: its name is that of the failure, its docstring the description, its module the group."""

    def register(spoil: Spoil) -> Spoil:
        name = spoil.__name__.rstrip("_").replace("_", "-")
        group = spoil.__module__.rpartition(".")[2]
        sentence = " ".join((spoil.__doc__ or "").split())
        FAILURES[name] = Failure(
            name, group, sentence, section, endpoints, options, before, redirect, for_users, expects, spoil
        )
        return spoil

    return register


def find(name: str, endpoint: str, options: Mapping[str, Any]) -> Failure:
    """The failure of this name, where the endpoint can have it; raises FailureRefused."""
    found = FAILURES.get(name)
    if found is None:
        known = possible_at(endpoint)
        there_are = did_you_mean(name, known, ", did you mean {!r}? There are") or "; there are"
        if "_" in name and name.replace("_", "-") not in known:  # as the codes of OAuth errors are written
            there_are = f"; answer with that error by error={name!r} in place of it. There are"
        raise FailureRefused(f"there is no failure {name!r}{there_are} at {endpoint}: {', '.join(known)}")
    if found.endpoints and endpoint not in found.endpoints:
        raise FailureRefused(f"{name} cannot happen at {endpoint}, only at: {', '.join(found.endpoints)}")
    for option, value in options.items():
        kind = found.options.get(option)
        if kind is None:
            raise FailureRefused(f"{name} has no option {option!r}; it has: {', '.join(found.options) or 'none'}")
        if type(value) is not kind:
            raise FailureRefused(f"got {value!r} as {option} of {name}, expected a value of type {kind.__name__}")
        if value == "":
            raise FailureRefused(f"got '' as {option} of {name}, expected a text that is not empty")
        if option == "to" and not _has_host(value):
            raise FailureRefused(f"got {value!r} as to of {name}, expected a URL such as {ATTACKER}")
        if isinstance(value, int | float) and not LIMITS[option][0] <= value <= LIMITS[option][1]:
            expected = "a number from {} to {}".format(*LIMITS[option])
            raise FailureRefused(f"got {value!r} as {option} of {name}, expected {expected}")
    return found


def _has_host(url: object) -> bool:
    try:
        return bool(urlsplit(str(url)).hostname)
    except ValueError:
        return False


def possible_at(endpoint: str) -> list[str]:
    """The names of the failures that the endpoint can have."""
    return [each.name for each in FAILURES.values() if not each.endpoints or endpoint in each.endpoints]

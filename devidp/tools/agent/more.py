"""What the control API does not have: to wait for an event, to explain a token, to probe a server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import Field

from devidp.faults.decoding import document, explain
from devidp.oauth.errors import InvalidRequest
from devidp.probe.http_target import HttpTarget, check_target
from devidp.probe.issuer_side import IssuerSide
from devidp.probe.options import Options
from devidp.probe.refusal import Refused
from devidp.probe.run import probe
from devidp.system.clock import pause, stopwatch
from devidp.system.http_client import NoAnswer
from devidp.tools import published_keys
from devidp.tools.agent.tool import Arguments, Tool, schema_of
from devidp.web.api import reading
from devidp.web.api.events import EventQuery
from devidp.web.api.operation import Body
from devidp.web.api_client import ApiClient

LOOK_SECONDS = 0.1
BodyT = TypeVar("BodyT", bound=Body)


class Wait(EventQuery):  # type: ignore[misc, valid-type]
    """An event, and how long it may take."""

    seconds: Annotated[float, Field(gt=0, le=300)]
    """For how long to wait; after that the event is null."""


class Token(Body):
    """A token."""

    token: str
    """As it was sent, with or without Bearer."""


class Target(Body):
    """The server that is probed, and what cannot be found out."""

    url: str
    """Of the server, on this machine."""
    issuer: str | None = None
    """Name or URL of the issuer that it trusts, where its metadata does not say."""
    audience: Sequence[str] = ()
    """What tokens for it are for, where its metadata does not say."""
    scope: str | None = None
    """Scopes that the call needs, separated by spaces."""
    tool: str | None = None
    """The tool of an MCP server to call, in place of tools/list."""
    only: Sequence[str] = ()
    """Only these names, groups or levels (must, should, advice)."""
    skip: Sequence[str] = ("changes",)
    """Not these. The group `changes` rotates keys and takes a minute or more."""
    stack: str = ""
    """What the server is built with, whose remedies are shown: pyjwt, authlib, mcp-python, fastmcp, …"""


def tools() -> Iterator[Tool]:
    yield _tool("wait_for_event", Wait, _wait)
    yield _tool("decode_token", Token, _decode)
    # the server that is called may do what it is asked
    yield _tool("probe_server", Target, _probe, changes=True)


def _tool(
    name: str, model: type[BodyT], function: Callable[[ApiClient, BodyT], dict[str, Any]], *, changes: bool = False
) -> Tool:
    def run(api: ApiClient, arguments: Arguments) -> dict[str, Any]:
        return function(api, reading.checked(dict(arguments), model))

    return Tool(name, " ".join((function.__doc__ or "").split()), schema_of(model), run, changes=changes)


def _wait(api: ApiClient, wanted: Wait) -> dict[str, Any]:
    """Wait until an event fits, one that was there before or a new one, while a person or a program does something."""
    query, ends_at = wanted.model_dump(exclude={"seconds"}, exclude_none=True), stopwatch() + wanted.seconds
    while True:
        found = api.get("/events", **query)["events"]
        if found or stopwatch() >= ends_at:
            return {"event": found[0] if found else None}
        pause(LOOK_SECONDS)


def _decode(api: ApiClient, sent: Token) -> dict[str, Any]:
    """Explain a token: header, claims, signature, what is wrong with it, and which fault it looks like.

    It is judged as a strict resource server would, by the clock and the keys of this devidp.
    """
    now = api.get("/clock")["now"]
    named = explain(sent.token, None, now).claims.get("iss")
    # no other issuer is called: the token may come from anywhere
    issuer = named if named in api.get("/public-url")["issuers"] else None
    try:
        keys = None if issuer is None else published_keys.of(issuer)
    except (NoAnswer, ValueError) as error:
        raise InvalidRequest(f"The keys of {issuer} cannot be had: {error}", remedy="Ask again") from None
    said = explain(sent.token, keys, now, issuer)
    found: dict[str, Any] = json.loads(json.dumps(document(said)))
    return found


def _probe(api: ApiClient, target: Target) -> dict[str, Any]:
    """Find out what a resource server or MCP server that trusts this devidp wrongly accepts.

    It is called with every faulty token, which takes some seconds. Each finding says what to change.
    """
    try:
        check_target(target.url, ())
        options = Options(
            issuer=target.issuer,
            audience=tuple(target.audience),
            scope=target.scope,
            tool=target.tool,
            only=tuple(target.only),
            skip=tuple(target.skip),
            stack=target.stack,
        )
        report = probe(HttpTarget(()), target.url, IssuerSide(api), options)
    except (Refused, ValueError) as refused:
        raise InvalidRequest(str(refused), remedy="Correct the arguments") from None
    found: dict[str, Any] = json.loads(report.to_json())
    return found

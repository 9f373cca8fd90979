"""The call that is tried with every token: what it asks for, and where the token goes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from urllib.parse import urlencode, urljoin

from devidp import __version__
from devidp.probe.exchange import Headers, Request
from devidp.probe.refusal import Refused

PROTOCOL_VERSION = "2025-11-25"
"""Of MCP: what ``initialize`` offers."""
_METHOD = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
"""A token (RFC 9110 section 5.6.2)."""
FORM = "application/x-www-form-urlencoded"
_ids = count(1)


@dataclass(frozen=True, slots=True)
class Call:
    """A request without its token."""

    url: str
    method: str = "GET"
    headers: Headers = ()
    body: bytes = b""
    message: Mapping[str, Any] | None = None
    """The body of a JSON-RPC request: two of a session with one id would take each other's answer."""

    def request(
        self,
        authorization: Sequence[str] = (),
        *,
        headers: Headers = (),
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
    ) -> Request:
        """With a token at the places named: ``authorization`` holds the value of each Authorization header."""
        url, sent, body = self.url, [*self.headers, *headers], self.body
        if self.message is not None:
            body = json.dumps({**self.message, "id": next(_ids)}).encode()
        sent += [("Authorization", value) for value in authorization]
        if cookies:
            sent.append(("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items())))
        if query:
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
        if form is None:
            return Request(self.method, url, tuple(sent), body)
        sent = [(name, value) for name, value in sent if name.lower() != "content-type"]
        method = "POST" if self.method in ("GET", "HEAD") else self.method
        content = "&".join(filter(None, [self.body.decode() if self.is_form else "", urlencode(form)]))
        return Request(method, url, (*sent, ("Content-Type", FORM)), content.encode())

    @property
    def is_form(self) -> bool:
        return any(name.lower() == "content-type" and value.startswith(FORM) for name, value in self.headers)

    def sending(self, *headers: tuple[str, str]) -> Call:
        """The same with these headers in place of those of their names."""
        names = {name.lower() for name, _ in headers}
        kept = (each for each in self.headers if each[0].lower() not in names)
        return replace(self, headers=(*kept, *headers))


def described(
    url: str, path: str | None, method: str | None, headers: Headers, body: bytes | str | None
) -> Call | None:
    """The call of the target at ``url`` that was described; ``None`` where nothing of it was."""
    if path is None and method is None and not headers and body is None:
        return None
    content = body.encode() if isinstance(body, str) else body or b""
    called = url if path is None else urljoin(url, path)
    return _checked(Call(called, (method or ("POST" if content else "GET")).upper(), headers, content))


def parse(content: bytes, url: str) -> Call:
    """A call of the target at ``url`` as an HTTP message: ``POST /orders``, headers, an empty line, the body.

    Raises Refused.
    """
    start, _, body = content.replace(b"\r\n", b"\n").lstrip().partition(b"\n\n")
    head = start.decode(errors="replace")
    first, *lines = head.split("\n")
    method, _, path = first.removesuffix(" HTTP/1.1").partition(" ")
    if not _METHOD.fullmatch(method) or not path.strip():
        raise Refused(f"got {first[:60]!r} as the first line, expected a method and a path, such as 'POST /orders'")
    headers = tuple(map(header, filter(None, lines)))
    sent = tuple(each for each in headers if each[0].lower() not in ("content-length", "connection"))
    return _checked(Call(urljoin(url, path.strip()), method.upper(), sent, body))


def header(line: str) -> tuple[str, str]:
    """``Name: value``; raises Refused."""
    name, colon, value = line.partition(":")
    if not colon or not _METHOD.fullmatch(name):
        raise Refused(f"got {line[:60]!r}, expected a header: Name: value")
    return name, value.strip()


def arguments(text: bytes | str) -> dict[str, Any]:
    """Of a tool, as JSON; raises Refused."""
    shown = text[:40]
    try:
        found = json.loads(text or "{}")
    except ValueError as error:
        raise Refused(f"body: got {shown!r}, expected the arguments of the tool as JSON: {error}") from None
    if isinstance(found, dict):
        return found
    raise Refused(f"body: got {shown!r}, expected the arguments of the tool as a JSON object")


def _checked(call: Call) -> Call:
    """Raises Refused for a call that carries a token already."""
    if any(name.lower() == "authorization" for name, _ in call.headers):
        raise Refused("got an Authorization header, expected none: the probe sends tokens of its own in it")
    return call


def json_rpc(url: str, method: str, parameters: Mapping[str, Any], *, notification: bool = False) -> Call:
    """A message to an MCP server (Streamable HTTP)."""
    message = {"jsonrpc": "2.0", "method": method, "params": parameters}
    accepts = (("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream"))
    if notification:
        return Call(url, "POST", accepts, json.dumps(message).encode())
    return Call(url, "POST", accepts, message=message)


def initialize(url: str) -> Call:
    """The first message of every client of an MCP server."""
    client = {"name": "devidp probe", "version": __version__}
    return json_rpc(url, "initialize", {"protocolVersion": PROTOCOL_VERSION, "capabilities": {}, "clientInfo": client})


def initialized(url: str) -> Call:
    return json_rpc(url, "notifications/initialized", {}, notification=True)


def tools_list(url: str) -> Call:
    return json_rpc(url, "tools/list", {})


def tools_call(url: str, name: str, arguments: Mapping[str, Any]) -> Call:
    return json_rpc(url, "tools/call", {"name": name, "arguments": arguments})

"""``DevIdP.probe``: the probe of a program that has a devidp inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import iscoroutinefunction
from typing import Any

from devidp.probe.asgi_target import AsgiTarget
from devidp.probe.call import described
from devidp.probe.exchange import Transport
from devidp.probe.http_target import HttpTarget, check_target
from devidp.probe.issuer_side import IssuerSide
from devidp.probe.options import Credentials, Options
from devidp.probe.refusal import Refused
from devidp.probe.run import probe as run
from devidp.probe.wsgi_target import WsgiTarget
from devidp.report import Report
from devidp.system import http_client
from devidp.web.api_client import ApiClient
from devidp.web.control.errors import ControlError

APPLICATION_URL = "http://localhost:8000/"
"""What an application is called by, unless another URL is said."""


def probe(base: str, target: str | Callable[..., Any], **asked: Any) -> Report:
    """``base`` is where the devidp listens; ``asked`` is what ``DevIdP.probe`` takes. Raises ControlError."""
    try:
        return _probe(base, target, **asked)
    except Refused as error:
        raise ControlError(str(error)) from None


def _probe(
    base: str,
    target: str | Callable[..., Any],
    *,
    url: str | None,
    allow_hosts: Sequence[str],
    audience: str | Sequence[str] | None,
    credentials: tuple[str, str] | None,
    resource: str | Sequence[str],
    path: str | None,
    method: str | None,
    headers: Mapping[str, str] | None,
    body: bytes | str | None,
    only: Sequence[str],
    skip: Sequence[str],
    **options: Any,
) -> Report:
    for name, words in (("only", only), ("skip", skip), ("allow_hosts", allow_hosts)):
        if isinstance(words, str):
            raise ControlError(f"{name}: got {words!r}, expected a list of names")
    if options["tool"] and not (path is method is body is None and not headers):
        raise ControlError("tool says what is called, and so do path, method, headers and body; give one of them")
    if options["arguments"] and not options["tool"]:
        raise ControlError("arguments are those of a tool; name it with tool, or send a body")
    with _reached(target, url, allow_hosts) as (address, transport):
        call = described(address, path, method, tuple((headers or {}).items()), body)
        client = Credentials(*credentials) if credentials else None
        named: dict[str, Any] = {"audience": _texts(audience or ()), "resource": _texts(resource)}
        side = IssuerSide(ApiClient(base, tls=http_client.unverified(base)))
        wanted = Options(call=call, credentials=client, **named, only=tuple(only), skip=tuple(skip), **options)
        return run(transport, address, side, wanted)


def _texts(one_or_more: str | Sequence[str]) -> tuple[str, ...]:
    return (one_or_more,) if isinstance(one_or_more, str) else tuple(one_or_more)


@contextmanager
def _reached(
    target: str | Callable[..., Any], url: str | None, allowed: Sequence[str]
) -> Iterator[tuple[str, Transport]]:
    """The address of the target, and the way there."""
    if isinstance(target, str):
        if url is not None:
            raise ControlError("url is what an application is called; a server has its URL as target")
        check_target(target, allowed)
        yield target, HttpTarget(allowed)
    elif not callable(target):
        raise ControlError(f"got {type(target).__name__}, expected the URL of a server, or a WSGI or ASGI application")
    elif _is_asgi(target):
        with AsgiTarget(target) as application:
            yield url or APPLICATION_URL, application
    else:
        yield url or APPLICATION_URL, WsgiTarget(target)


def _is_asgi(application: Callable[..., Any]) -> bool:
    return iscoroutinefunction(application) or iscoroutinefunction(getattr(application, "__call__", None))  # noqa: B004

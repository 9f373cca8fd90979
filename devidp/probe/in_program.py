"""``DevIdP.probe``: the probe of a program that has a devidp inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from devidp.probe.call import Call
from devidp.probe.exchange import Transport
from devidp.probe.http_target import HttpTarget, TargetRefused, check_target
from devidp.probe.issuer_side import IssuerSide
from devidp.probe.options import Options
from devidp.probe.run import probe as run
from devidp.probe.trial import UnknownWord
from devidp.report import Report
from devidp.system import http_client
from devidp.web.api_client import ApiClient
from devidp.web.control.errors import ControlError


def probe(base: str, target: str | Callable[..., Any], **asked: Any) -> Report:
    """``base`` is where the devidp listens; ``asked`` is what ``DevIdP.probe`` takes. Raises ControlError."""
    try:
        return _probe(base, target, **asked)
    except (TargetRefused, UnknownWord) as error:
        raise ControlError(str(error)) from None


def _probe(
    base: str,
    target: str | Callable[..., Any],
    *,
    allow_hosts: Sequence[str],
    audience: str | Sequence[str] | None,
    method: str | None,
    headers: Mapping[str, str] | None,
    body: bytes | str | None,
    only: Sequence[str],
    skip: Sequence[str],
    **options: Any,
) -> Report:
    url, transport = _reached(target, allow_hosts)
    side = IssuerSide(ApiClient(base, tls=http_client.unverified(base)))
    call = _described(url, method, headers, body)
    audiences = (audience,) if isinstance(audience, str) else tuple(audience or ())
    return run(
        transport,
        url,
        side,
        Options(call=call, audience=audiences, only=tuple(only), skip=tuple(skip), **options),
    )


def _reached(target: str | Callable[..., Any], allowed: Sequence[str]) -> tuple[str, Transport]:
    if not isinstance(target, str):
        raise ControlError(f"got {type(target).__name__}, expected the URL of a server")
    check_target(target, allowed)
    return target, HttpTarget(allowed)


def _described(
    url: str, method: str | None, headers: Mapping[str, str] | None, body: bytes | str | None
) -> Call | None:
    """The call, where it was described."""
    if method is None and not headers and body is None:
        return None
    content = body.encode() if isinstance(body, str) else body or b""
    return Call(url, method or ("POST" if content else "GET"), tuple((headers or {}).items()), content)

"""Who may control devidp: programs on this machine, or whoever has its token; never a page of somebody else."""

from __future__ import annotations

import hmac

from flask import Request

from devidp.oauth.authorization_header import bearer
from devidp.oauth.errors import AccessDenied, quoted
from devidp.oauth.redirect_uri import split
from devidp.system.hosts import is_loopback
from devidp.system.urls import is_at

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")


def check(request: Request, token: str | None) -> None:
    """Raises AccessDenied for a page of another origin, and as ``check_caller`` does."""
    check_page(request)
    check_caller(request, token)


def check_caller(request: Request, token: str | None) -> None:
    """Raises AccessDenied for a caller that is neither on this machine nor has ``token``."""
    presented = bearer(request.headers.get("Authorization", ""))
    if token is None or presented is None or not hmac.compare_digest(presented.encode(), token.encode()):
        check_machine(request, token)


def admits(request: Request, token: str | None) -> bool:
    """Whether ``check`` has nothing against it."""
    try:
        check(request, token)
    except AccessDenied:
        return False
    return True


def may_look(request: Request, token: str | None) -> bool:
    """Whether whoever calls could open a page of the dashboard, where there is a ``token`` by typing it."""
    try:
        check_machine(request, token)
    except AccessDenied:
        return token is not None
    return True


def check_page(request: Request) -> None:
    """Raises AccessDenied where a page of another origin calls."""
    origin = request.headers.get("Origin")
    if origin is not None and not is_at(origin, request.host):
        raise _refused(f"a page of {quoted(origin)} calls it", None)
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise _refused("a page of another site calls it", None)


def check_machine(request: Request, token: str | None) -> None:
    """Raises AccessDenied for a caller that is not on this machine; ``token`` would admit it."""
    if not is_loopback(request.remote_addr or ""):
        raise _refused("it is called from another machine", token)
    for name in FORWARDED:
        if name in request.headers:
            raise _refused(f"it is called through a proxy, which sent {name}", token)
    # a page whose name was pointed at this machine after it was loaded sends that name (DNS rebinding)
    called = split(f"//{request.host}")
    if called is None or not is_loopback(called.hostname or ""):
        raise _refused(f"it is called as {quoted(request.host)}, which is not a name of this machine's loopback", token)


def _refused(reason: str, token: str | None) -> AccessDenied:
    remedy = "Call it on this machine as http://localhost or http://127.0.0.1"
    also = ", or send the token that devidp printed: Authorization: Bearer TOKEN" if token else ""
    return AccessDenied(f"The control of devidp is not for this caller: {reason}", remedy=f"{remedy}{also}", status=403)

"""What a request asked, as its event may say it: an allow list, so that no code, token or secret gets there."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from devidp.models.event import PARAMETERS
from devidp.oauth.errors import OAuthError, shortened
from devidp.oauth.parameters import Parameters
from devidp.oauth.suggestion import nearest_first
from devidp.system.event_log import Facts
from devidp.web.request import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from devidp.clients.metadata.model import ClientMetadata

LONGEST = 500
"""Characters of one value."""
CALLER = {
    "address": "REMOTE_ADDR",
    "user_agent": "HTTP_USER_AGENT",
    "origin": "HTTP_ORIGIN",
    "mcp_protocol_version": "HTTP_MCP_PROTOCOL_VERSION",
}
"""What of the environment of WSGI is kept, whatever is asked."""
_SHOWN = dict(zip(PARAMETERS, PARAMETERS, strict=True)) | {"scope": "requested_scope"}
"""The parameters that are kept, and their names in an event."""
_NAME = re.compile(r"[A-Za-z_]{1,40}")
"""What the name of a parameter looks like, and no secret that somebody put in its place."""
_USERINFO = re.compile(r"//[^/\s@]*@")


def asked(request: Request, facts: Facts) -> dict[str, str]:
    """Method, path, and what of the parameters and headers may be kept."""
    found = {"method": shortened(request.method, LONGEST), "path": shortened(request.path, LONGEST)}
    found.update(of_caller(request.environ))
    if facts.auth_method:
        found["auth_method"] = facts.auth_method
    # the parameters that count may be elsewhere: in a request object, a pushed request or the form of a page
    parameters = facts.parameters or request.parameters
    sent = []
    for name in parameters:
        if name in _SHOWN:
            found[_SHOWN[name]] = kept(" ".join(parameters.all(name)))
        else:
            sent.append(name if _NAME.fullmatch(name) else "…")
    if sent:
        found["sent"] = shortened(" ".join(sent), LONGEST)
    return each_once(found)


def each_once(found: dict[str, str]) -> dict[str, str]:
    """``found`` with strings that other events share: a client asks the same again and again, and all are kept."""
    for name, value in found.items():
        found[name] = sys.intern(value)
    return found


def of_registration(metadata: ClientMetadata) -> Parameters:
    """What a registration asks for, under the names that the requests of the client will have."""
    named = {
        "redirect_uri": metadata.redirect_uris,
        "response_type": metadata.response_types or (),
        "scope": (metadata.scope or "",),
        "post_logout_redirect_uri": metadata.post_logout_redirect_uris or (),
    }
    return Parameters((name, value) for name, values in named.items() for value in values)


def of_caller(environ: WSGIEnvironment) -> dict[str, str]:
    """Who calls, as far as that may be kept."""
    return {name: shortened(environ[key], LONGEST) for name, key in CALLER.items() if environ.get(key)}


def of_refusal(error: OAuthError | None) -> dict[str, Any]:
    """What an event says of the ``error`` that was the answer; nothing where there was none."""
    if error is None:
        return {}
    return {
        "error": error.code,
        "reason": error.reason,
        "remedy": error.remedy,
        "section": error.section,
        **compared(error),
    }


def compared(error: OAuthError) -> dict[str, Any]:
    """What came and what was expected, the nearest first; both empty where nothing was compared."""
    got = kept(error.got) if error.expected else ""
    return {"got": got, "expected": nearest_first(got, map(kept, error.expected)) if got else ()}


def kept(text: str) -> str:
    """Of a value at most ``LONGEST`` characters, and no password that is in a URL."""
    text = shortened(text, LONGEST)
    return _USERINFO.sub("//***@", text) if "@" in text else text

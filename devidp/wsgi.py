"""Between PEP 3333 and our messages: for every server but our own, and for what Flask serves.

Owns the translation in both directions. Does not own what is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Response
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wrappers import Request

from devidp.messages import MAX_BODY_BYTES, WITHOUT_BODY, Received, Reply, break_off, status_line

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse


class _Incoming(Request):
    max_content_length = MAX_BODY_BYTES


def received(environ: dict[str, Any]) -> Received:
    """The request of a WSGI environment, with its body."""
    incoming = _Incoming(environ)
    return Received(
        incoming.method,
        incoming.path,
        headers_of(environ),
        incoming.query_string,
        _body(incoming),
        incoming.scheme,
        environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
        environ.get("werkzeug.socket"),
        f"{environ.get('REMOTE_ADDR', '')}:{environ.get('REMOTE_PORT', '')}",
    )


def path_of(environ: dict[str, Any]) -> str:
    """The path that is asked for, decoded."""
    return _Incoming(environ).path


def headers_of(environ: Mapping[str, Any]) -> dict[str, str]:
    """The headers by their names in lower case."""
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    return headers


def _body(incoming: Request) -> bytes | None:
    try:
        return incoming.get_data(cache=False)
    except RequestEntityTooLarge:
        return None
    except ClientDisconnected:
        return b""  # nobody is there any more to read an answer


def send(reply: Reply, method: str, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request of ``method`` with ``reply``."""
    headers, content = reply.fields(), reply.content(method)
    if reply.broken:
        # a server that does not hand out its socket ends the connection when a body breaks off
        headers.append(("Content-Length", "1"))
    elif reply.status not in WITHOUT_BODY:
        headers.append(("Content-Length", str(len(reply.body))))
    start_response(status_line(reply.status), headers)
    return break_off() if reply.broken else [content]


def flask_response(reply: Reply) -> Response:
    """``reply`` as a view of Flask returns it."""
    return Response(reply.body, reply.status, reply.fields())

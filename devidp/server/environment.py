"""A request as PEP 3333 has it, for the WSGI application."""

from __future__ import annotations

import io
import sys
from typing import Any

from devidp.messages import MAX_BODY_BYTES, Received

_BASE: dict[str, Any] = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


def environment(request: Received, server: str) -> dict[str, Any]:
    """``server`` is the address that was called, with its port."""
    host, _, port = server.rpartition(":")
    environ = _BASE | {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": request.path.encode().decode("latin-1"),
        "QUERY_STRING": request.query.decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": request.address,
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": io.BytesIO(request.body or b""),
    }
    for name, value in request.headers.items():
        # X_Forwarded_For would read as X-Forwarded-For
        if "_" not in name:
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    if request.body is None:
        environ["CONTENT_LENGTH"] = str(MAX_BODY_BYTES + 1)
    return environ

"""The HTTP answer to a request that is refused (RFC 6750 section 3, RFC 9728 section 5.1)."""

from __future__ import annotations

import json

from starlette.responses import JSONResponse

from devidp.tools.demo.refusal import Forbidden, Refused, Unavailable


def answer(refused: Refused, metadata_url: str, scope: str) -> JSONResponse:
    """``scope`` is what a client is to ask for that has no token yet, or none that holds."""
    body = {"error": refused.error or type(refused).__name__.lower(), "error_description": refused.description}
    headers = {"Cache-Control": "no-store"}
    if not isinstance(refused, Forbidden | Unavailable):
        parameters = {
            "error": refused.error,
            "error_description": refused.description if refused.error else "",
            "scope": refused.scope or scope,
            "resource_metadata": metadata_url,
        }
        said = (f"{name}={_quoted(value)}" for name, value in parameters.items() if value)
        headers["WWW-Authenticate"] = f"Bearer {', '.join(said)}"
    return JSONResponse(body, refused.status, headers)


def _quoted(value: str) -> str:
    """A quoted string with only the characters of RFC 6750 section 3, so that nothing of a request can break out."""
    return json.dumps("".join(char if " " <= char <= "~" and char not in '"\\' else "'" for char in value))

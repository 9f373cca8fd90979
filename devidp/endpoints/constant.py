"""Documents that stay the same until something changes: cached, with an ETag."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from flask import Response
from werkzeug.wrappers import Request

MAX_AGE = 60
"""Seconds: long enough for caches to be exercised, short enough for a developer who edits the seed."""


def constant_response(body: bytes, request: Request, content_type: str) -> Response:
    """``body``, or 304 where the client has it already (RFC 9110 section 13.1.2)."""
    etag = _etag(body)
    headers = {"Cache-Control": f"public, max-age={MAX_AGE}", "ETag": etag}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}
    if known & {etag, "*"}:
        return Response(status=304, headers=headers)
    return Response(body, 200, headers, content_type=content_type)


@lru_cache(maxsize=64)
def _etag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'

"""Documents that stay the same until something changes: cached, with an ETag."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from devidp.messages import Received, Reply

MAX_AGE = 60
"""Seconds: long enough for caches to be exercised, short enough for a developer who edits the seed."""


def constant_reply(body: bytes, request: Received, content_type: str) -> Reply:
    """``body``, or 304 where the client has it already (RFC 9110 section 13.1.2)."""
    etag = _etag(body)
    headers = {"Content-Type": content_type, "Cache-Control": f"public, max-age={MAX_AGE}", "ETag": etag}
    asked = request.headers.get("if-none-match")
    if asked is not None and {tag.strip().removeprefix("W/") for tag in asked.split(",")} & {etag, "*"}:
        del headers["Content-Type"]
        return Reply(304, headers)
    return Reply(200, headers, body)


@lru_cache(maxsize=64)
def _etag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'

"""A request and its answer as a report may show them."""

from __future__ import annotations

import re

from devidp.probe.exchange import Answer, Headers
from devidp.report import Exchange

SHOWN = 2000
"""Characters of a body."""
_TOKEN = re.compile(r"ey[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.?[A-Za-z0-9_-]*")
"""A JWT, or what is left of one."""
_SECRET = re.compile(r"(?i)((?:bearer|dpop|basic|token)\s+|access_token=|session(?:_?id)?=)[^\s\",;&]{12,}")


def exchange(answer: Answer) -> Exchange:
    """``answer`` with what it answers, without tokens."""
    request = answer.request
    return Exchange(
        request.method if request else "",
        _without_tokens(request.url if request else ""),
        _headers(request.headers if request else ()),
        _without_tokens(request.body[:SHOWN].decode(errors="replace") if request else ""),
        answer.status,
        _headers(answer.headers),
        _without_tokens(answer.text[:SHOWN]),
        answer.seconds,
        answer.problem,
    )


def _headers(headers: Headers) -> Headers:
    return tuple((name, _without_tokens(value)) for name, value in headers)


def _without_tokens(text: str) -> str:
    return _SECRET.sub(r"\1…", _TOKEN.sub("<token>", text))

"""What an answer tells beyond the refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from devidp.probe import leak_kinds
from devidp.probe.exchange import Answer
from devidp.report import Kind


class Leak(NamedTuple):
    kind: Kind
    shown: str


SHOWN = 80
"""Characters of what was found."""
MIN_CLAIM = 5
"""Characters of a claim that cannot be there by chance."""
TELLING = ("sub", "email", "jti", "sid", "name", "preferred_username", "phone_number")
PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        leak_kinds.CONSOLE,
        re.compile(
            r"Werkzeug Debugger|The debugger caught an exception|EVALEX|DJANGO_SETTINGS_MODULE"
            r"|You're seeing this error because you|Whoops, looks like something went wrong|Symfony Exception"
            r"|Whitelabel Error Page"
            r"|class=\"rails-default-error|Action Controller: Exception caught"
        ),
    ),
    (
        leak_kinds.STACK_TRACE,
        re.compile(
            r"Traceback \(most recent call last\)|File \"[^\"\n]+\", line \d+"
            r"|^\s+at [\w$.<>]+ ?\([^()\n]+:\d+(?::\d+)?\)|\bat [\w$.]+\([\w$]+\.(?:java|kt):\d+\)"
            r"|goroutine \d+ \[|^#\d+ [^\n]+\.php\(\d+\)|\bat async [\w.]+|thread '[^']+' panicked at",
            re.MULTILINE,
        ),
    ),
    (
        leak_kinds.SECRET,
        re.compile(
            r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----|\"?(?:client_secret|secret_key|password|private_key)\"?\s*[=:]\s*"
            r"\"?[^\s\",;<>&]{6,}|\bAKIA[0-9A-Z]{16}\b",
            re.IGNORECASE,
        ),
    ),
    (
        leak_kinds.PATH,
        re.compile(
            r"(?<![\w:/.])/(?:home|Users|usr|var|opt|srv|app|root|tmp|etc|workspace)/[\w.@+-]+(?:/[\w.@+-]+)+"
            r"|\b[A-Za-z]:\\(?:[\w .-]+\\)+[\w.-]+"
            r"|(?:site-packages|node_modules)[/\\][\w./\\-]+"
        ),
    ),
    (leak_kinds.EXCEPTION, re.compile(r"\b(?:[a-z]\w*\.)*[A-Z][A-Za-z0-9]*[a-z0-9](?:Error|Exception)\b")),
)
_VERSION = re.compile(r"[\w.+-]+/v?\d+(?:\.\d+)+")
VERSIONED = ("server", "x-powered-by")
OF_ASP_NET = ("x-aspnet-version", "x-aspnetmvc-version")


def find(answer: Answer, token: str = "", claims: Mapping[str, Any] | None = None) -> Iterator[Leak]:
    """In ``answer`` to ``token`` with these claims; each kind once."""
    text = _text(answer)
    for kind, pattern in PATTERNS:
        if matched := pattern.search(text):
            yield Leak(kind, " ".join(matched[0].split())[:SHOWN])
    if token and (piece := next((each for each in _pieces(token) if each in text), "")):
        yield Leak(leak_kinds.TOKEN, f"{piece[:8]}…")
    if repeated := [name for name in TELLING if _is_in(text, (claims or {}).get(name))]:
        yield Leak(leak_kinds.CLAIMS, ", ".join(repeated))
    if version := _version(answer):
        yield Leak(leak_kinds.VERSION, version)


def _text(answer: Answer) -> str:
    """Of the body and of the headers that an application writes."""
    headers = (value for name, value in answer.headers if name.lower() in ("www-authenticate", "location", "x-error"))
    return "\n".join([answer.text, *headers])


def _pieces(token: str) -> Iterator[str]:
    """What a token would be known by: all of it, or one of its segments."""
    yield from (each for each in (token, *token.split(".")[1:]) if len(each) >= 20)


def _is_in(text: str, value: object) -> bool:
    return isinstance(value, str) and len(value) >= MIN_CLAIM and bool(re.search(rf"\b{re.escape(value)}\b", text))


def _version(answer: Answer) -> str:
    for name, value in answer.headers:
        lowered = name.lower()
        if (lowered in VERSIONED and _VERSION.search(value)) or lowered in OF_ASP_NET:
            return f"{name}: {value[:SHOWN]}"
    return ""

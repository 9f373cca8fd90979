"""What an answer tells beyond the refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from devidp.probe import leak_kinds
from devidp.probe.exchange import Answer
from devidp.report import Kind


class Leak(NamedTuple):
    kind: Kind
    shown: str


MAX_TEXT = 64 * 1024
"""Characters that are looked at."""
SHOWN = 80
"""Characters of what was found."""
MIN_CLAIM = 5
"""Characters of a claim that cannot be there by chance."""
TELLING = ("sub", "email", "jti", "sid", "name", "preferred_username", "phone_number")
PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        leak_kinds.CONSOLE,
        re.compile(
            r"Werkzeug Debugger|The debugger caught an exception|Starlette Debugger|DJANGO_SETTINGS_MODULE"
            r"|You're seeing this error because you|Action Controller: Exception caught|Symfony Exception"
        ),
    ),
    (
        leak_kinds.STACK_TRACE,
        re.compile(
            r"Traceback \(most recent call last\)|File \"[^\"\n]{1,300}\", line \d+"
            r"|^[ \t]+at [\w$.<>]{1,200} ?\([^()\n]{1,300}:\d+\)|\bat [\w$.]{1,200}\(\w{1,100}\.(?:java|kt):\d+\)"
            r"|goroutine \d+ \[|^#\d+ [^\n]{1,300}\.php\(\d+\)|thread '[^'\n]{1,100}' panicked at",
            re.MULTILINE,
        ),
    ),
    (
        leak_kinds.SECRET,
        re.compile(
            r"-----BEGIN (?:[A-Z]{1,12} )?PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b"
            r"|\b(?:client_secret|secret_key|private_key)\"?\s{0,9}[=:]\s{0,9}[\"']?[\w+/=.-]{12,}",
            re.IGNORECASE,
        ),
    ),
    (
        leak_kinds.PATH,
        re.compile(
            r"(?<![\w:/.])/(?:home|Users|usr|var|opt|srv|app|root|tmp|etc)/[\w.@+-]{1,100}(?:/[\w.@+-]{1,100}){1,20}"
            r"|\b[A-Za-z]:\\(?:[\w .-]{1,100}\\){1,20}[\w.-]+|(?:site-packages|node_modules)[/\\][\w./\\-]+"
        ),
    ),
    (
        leak_kinds.EXCEPTION,
        re.compile(r"\b(?:[a-z]\w{0,60}\.){0,8}[A-Z][A-Za-z0-9]{0,60}[a-z0-9](?:Error|Exception)\b"),
    ),
)
_VERSION = re.compile(r"[\w.+-]+/v?\d+(?:\.\d+)+")
VERSIONED = ("server", "x-powered-by")
OF_ASP_NET = ("x-aspnet-version", "x-aspnetmvc-version")


def find(answer: Answer, token: str = "", claims: Mapping[str, Any] | None = None) -> Iterator[Leak]:
    """In ``answer`` to ``token`` with these claims; each kind once."""
    text = _text(answer)[:MAX_TEXT]
    for kind, pattern in PATTERNS:
        if matched := pattern.search(text):
            yield Leak(kind, " ".join(matched[0].split())[:SHOWN])
    if token and (piece := next((each for each in _pieces(token) if each in text), "")):
        yield Leak(leak_kinds.TOKEN, f"{piece[:8]}…")
    # 403 is said to whom the server knows
    of_token = claims if claims and answer.status != 403 else {}
    if repeated := [name for name in TELLING if _is_in(text, of_token.get(name))]:
        yield Leak(leak_kinds.CLAIMS, ", ".join(repeated))
    if version := _version(answer):
        yield Leak(leak_kinds.VERSION, version)


def _text(answer: Answer) -> str:
    """Of the body and of the headers that an application writes, without the path that was asked."""
    headers = (value for name, value in answer.headers if name.lower() in ("www-authenticate", "location", "x-error"))
    text = "\n".join([answer.text, *headers])
    asked = urlsplit(answer.request.url).path.rstrip("/") if answer.request else ""
    return text.replace(asked, "") if asked else text


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

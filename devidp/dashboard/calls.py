"""The command and the call of the control API that do the same as a form, ready to be pasted into a shell."""

from __future__ import annotations

import json
import shlex
from typing import Any
from urllib.parse import urlencode, urlsplit

from devidp.dashboard import shell
from devidp.oauth.redirect_uri import LOOPBACK_HOSTS


def command(*words: str) -> str:
    """``devidp`` with ``words``, and with the address of this devidp where that is not the usual one."""
    base = shell.origin()
    parts = urlsplit(base)
    usual = (parts.scheme, parts.port, parts.path) == ("http", 6749, "") and parts.hostname in LOOPBACK_HOSTS
    options = () if usual else ("--url", base)
    last = words.index("--") if "--" in words else len(words)
    return shlex.join(["devidp", *words[:last], *options, *words[last:]])


def argument(name: str) -> tuple[str, ...]:
    """``name`` as a word of ``command``, after which no option comes where it looks like one."""
    return ("--", name) if name.startswith("-") else (name,)


def elsewhere(*words: str) -> str:
    """A command that does not call this devidp."""
    return shlex.join(["devidp", *words])


def keys(**members: Any) -> list[str]:
    """``KEY=VALUE`` words of a command: text that could be taken for JSON, or not be seen, is written as JSON."""
    return [f"{name}={_word(value)}" for name, value in members.items()]


def _word(value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable():
        readable = json.dumps(value, ensure_ascii=False)
        return readable if readable.isprintable() else json.dumps(value)
    try:
        # a bare number is text to these commands
        return value if type(json.loads(value)) in (int, float) else json.dumps(value)
    except ValueError:
        return value


def call(method: str, path: str, **members: Any) -> str:
    """A curl line; ``path`` is percent-encoded, ``members`` are those of the body, or the query of a DELETE."""
    address = f"{shell.origin()}/_devidp/api{path}"
    words = ["curl", "-X", method]
    if shell.runtime().config.control_token is not None:
        words += ["-H", "Authorization: Bearer YOUR-CONTROL-TOKEN"]
    if method in ("GET", "DELETE"):
        address = f"{address}?{urlencode(members)}" if members else address
    else:
        words += ["-H", "Content-Type: application/json", "-d", json.dumps(members)]
    return shlex.join([*words, address])

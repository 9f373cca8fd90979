"""The lines that make the same token: a command, a call of the control API, and one of a test."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from devidp.dashboard import calls
from devidp.oauth import name_value

OPTIONS: Final = {"claims": "--claim", "token_type": "--type"}
"""Options of ``devidp token`` that are not called as their parameters."""
KEYS: Final = ("active", "retired", "unpublished", "foreign")
KEY_FILE: Final = "key.pem"
ELSEWHERE: Final = "https://api.example/"
"""The API of a line where the audience is no address."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Each ready to be pasted."""

    cli: str
    http: str
    pytest: str
    needs_key_file: bool
    """Whether the command and the test read the private key from ``KEY_FILE``."""


def lines(parameters: Mapping[str, Any]) -> Lines:
    """Those that make a token with ``parameters``."""
    return Lines(
        calls.command("token", *_options(parameters)),
        calls.call("POST", "/tokens", **parameters),
        f"token = idp.token({', '.join(f'{name}={_python(name, value)}' for name, value in parameters.items())})",
        _is_own_key(parameters.get("key")),
    )


def to_api(token: str, audience: object) -> str:
    """A call of the API that the token is for."""
    first = audience[0] if isinstance(audience, list) and audience else audience
    address = str(first) if _is_address(first) else ELSEWHERE
    return shlex.join(["curl", "-i", "-H", f"Authorization: Bearer {token}", address])


def _options(parameters: Mapping[str, Any]) -> Iterator[str]:
    for name, value in parameters.items():
        option = OPTIONS.get(name, f"--{name.replace('_', '-')}")
        if value is True:
            yield option
        elif isinstance(value, bool):
            continue
        elif name in ("claims", "header"):
            yield from (f"{option}={name_value.pair(each, said)}" for each, said in value.items())
        elif isinstance(value, dict):
            yield f"{option}={json.dumps(value)}"
        elif name == "key" and _is_own_key(value):
            yield f"{option}={KEY_FILE}"
        else:
            yield from (f"{option}={each}" for each in (value if isinstance(value, list) else [value]))


def _python(name: str, value: Any) -> str:
    if name == "key" and _is_own_key(value):
        return f"Path({_quoted(KEY_FILE)}).read_text()"
    return _literal(value)


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        members = (f"{_quoted(name)}: {_literal(said)}" for name, said in value.items())
        return f"{{{', '.join(members)}}}"
    return repr(value)


def _quoted(text: str) -> str:
    """As a formatter of Python would have it."""
    said = ascii(text)
    return said if '"' in said or said.startswith('"') else f'"{said[1:-1]}"'


def _is_own_key(key: object) -> bool:
    return key is not None and key not in KEYS


def _is_address(text: object) -> bool:
    return isinstance(text, str) and text.isascii() and urlsplit(text).scheme in ("http", "https")

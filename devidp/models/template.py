"""Templates in the claims of a shape: text with the names of what was granted in braces.

``PLACEHOLDERS`` is the one table of these names; docs/seed.md says what each stands for.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from devidp.models.accounts import Client, User
from devidp.oauth import names
from devidp.oauth.identifiers import grant_of

Claims = dict[str, Any]
USER = "user."
"""What the name of a user's claim begins with: ``{user.email}``."""
_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_GUIDS = uuid.UUID("6b2f5c3e-5d0a-4c56-9a43-2d8f6f1f7d11")
"""Where the GUIDs of users are names: they are the same at every start, and at every issuer."""


class Granted(NamedTuple):
    """What a token was given for, and what it says by the specifications."""

    issuer: str
    issuer_name: str
    client: Client
    user: User | None
    scope: tuple[str, ...]
    audience: tuple[str, ...]
    claims: Mapping[str, Any]
    """Those of the token before its shape."""
    now: int
    grant: str | None = None
    """The grant type; ``None`` at UserInfo, which is not told."""
    sid: str = ""


def guid(name: str) -> str:
    """A GUID that stands for ``name``, always the same."""
    return str(uuid.uuid5(_GUIDS, name))


def _beside_login(granted: Granted) -> list[str]:
    return [name for name in granted.scope if name not in names.OPENID_SCOPES]


def _claim(name: str) -> Callable[[Granted], Any]:
    return lambda granted: granted.claims.get(name)


PLACEHOLDERS: Mapping[str, Callable[[Granted], Any]] = {
    "issuer": lambda granted: granted.issuer,
    "issuer_name": lambda granted: granted.issuer_name,
    "client_id": lambda granted: granted.client.client_id,
    "client_name": lambda granted: granted.client.name,
    "grant": lambda granted: granted.grant,
    "grant_id": lambda granted: grant_of(granted.claims),
    "scope": lambda granted: " ".join(granted.scope) or None,
    "scopes": lambda granted: list(granted.scope) or None,
    "resource_scope": lambda granted: " ".join(_beside_login(granted)) or None,
    "resource_scopes": lambda granted: _beside_login(granted) or None,
    "username": lambda granted: granted.user and granted.user.username,
    "user_id": lambda granted: granted.user and guid(granted.user.sub),
    "sid": lambda granted: granted.sid or None,
    "now": lambda granted: granted.now,
    "aud": lambda granted: granted.audience[0] if len(granted.audience) == 1 else list(granted.audience),
    **{name: _claim(name) for name in ("sub", "jti", "exp", "auth_time", "nonce", "acr", "amr")},
    "refresh_expires_in": _claim("refresh_expires_in"),
}
"""What a name in braces stands for; ``None``: there is no such thing in this token."""
SOURCES: Mapping[str, str] = {
    **{name: name for name in ("client_id", "scope", "sub", "jti", "aud", "auth_time", "acr", "amr", "sid")},
    "scopes": "scope",
    "resource_scope": "scope",
    "resource_scopes": "scope",
}
"""The claims of the specifications that a placeholder says again, so that a claim can take the place of another."""


def problem(text: str) -> tuple[str, str] | None:
    """The part of a template that is wrong, and why; ``None`` where it can be filled."""
    for part in _PART.finditer(text):
        for name in () if part[1] is None else part[1].split("|"):
            if not _is_known(name.strip()):
                return name.strip(), "no placeholder"
    if stray := re.search(r"[{}]", _PART.sub("", text)):
        return stray[0], f"a single brace; write {stray[0] * 2} for one that is text"
    return None


def _is_known(name: str) -> bool:
    return name in PLACEHOLDERS or (name.startswith(USER) and name != USER) or _literal(name) is not None


def _literal(name: str) -> str | None:
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == "'" else None


def source(value: Any) -> str | None:
    """The claim of the specifications that a claim with this template says again; ``None``: it says something else."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    whole = _PART.fullmatch(value) if isinstance(value, str) else None
    return SOURCES.get((whole[1] or "").strip()) if whole else None


def filled(value: Any, granted: Granted) -> Any:
    """``value`` with what its templates stand for; ``None`` where there is no such thing.

    A template that is the whole of a text keeps its JSON type. What is left empty inside is left out.
    """
    match value:
        case str():
            return _filled_text(value, granted)
        case list():
            return list(_items(value, granted)) or (None if value else [])
        case dict():
            members = {_filled_text(name, granted): filled(each, granted) for name, each in value.items()}
            present = {str(name): each for name, each in members.items() if None not in (name, each)}
            return present or (None if value else {})
    return value


def _items(values: Iterable[Any], granted: Granted) -> Iterator[Any]:
    """The items; a template that stands for a list has all of that."""
    for each in values:
        found = filled(each, granted)
        if isinstance(each, str) and isinstance(found, list):
            yield from found
        elif found is not None:
            yield found


def _filled_text(text: str, granted: Granted) -> Any:
    whole = _PART.fullmatch(text)
    if whole is not None and whole[1] is not None:
        return _value(whole[1], granted)
    values = [_value(part[1], granted) for part in _PART.finditer(text) if part[1] is not None]
    if None in values:
        return None
    found = iter(values)
    return _PART.sub(lambda part: part[0][0] if part[1] is None else _as_text(next(found)), text)


def _value(alternatives: str, granted: Granted) -> Any:
    """What the first name stands for that stands for anything."""
    for name in map(str.strip, alternatives.split("|")):
        if (literal := _literal(name)) is not None:
            return literal
        if name.startswith(USER):
            value = None if granted.user is None else granted.user.claims.get(name.removeprefix(USER))
        else:
            value = PLACEHOLDERS[name](granted)
        if value is not None:
            return value
    return None


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return " ".join(value)
    return json.dumps(value, separators=(",", ":"))

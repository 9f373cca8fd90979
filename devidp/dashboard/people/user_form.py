"""A user as a form shows it, and what a form that comes back changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from devidp.dashboard.people import typed
from devidp.dashboard.size import fits
from devidp.models import User

FACTORS: Final = {
    "none": "None",
    "totp": "A code of an authenticator (totp)",
    "push": "An answer on another device (push)",
}
TEXTS: Final = ("name", "email")
LISTS: Final = ("roles", "groups")
LARGEST_FIELD: Final = 1000
"""Bytes of a claim that has a field."""
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Profile:
    """What the fields of the form hold. A long claim, or one of another kind than its field, has none: JSON has it."""

    values: Values
    fields: tuple[str, ...]
    """The claims that have a field."""


def shown(user: User | None) -> Profile:
    """The form of ``user``; of nobody, an empty one."""
    claims = user.claims if user else {}
    texts = {name: str(claims.get(name, "")) for name in TEXTS if isinstance(claims.get(name, ""), str)}
    lists = {name: ", ".join(claims.get(name, ())) for name in LISTS if _is_simple(claims.get(name, []))}
    fields = {name: text for name, text in (*texts.items(), *lists.items()) if fits(text, LARGEST_FIELD)}
    limited = user is not None and user.scopes is not None
    return Profile(
        {
            **fields,
            "sub": user.sub if user else "",
            "mfa": user.mfa if user else "none",
            "granting": "these" if limited else "every",
            "scopes": " ".join(sorted(user.scopes)) if user and user.scopes else "",
        },
        tuple(fields),
    )


def changes(user: User | None, form: Values) -> dict[str, Any]:
    """Keys of the seed that are otherwise than before; an empty password stays as it was."""
    before = shown(user)
    found: dict[str, Any] = {}
    if any(form.get(name, "") != before.values[name] for name in before.fields):
        found["claims"] = _claims(user, form, before)
    if form.get("sub", "").strip() != before.values["sub"]:
        found["sub"] = form.get("sub", "").strip() or None
    if form.get("mfa", "none") != before.values["mfa"]:
        found["mfa"] = form.get("mfa", "none")
    if form.get("password"):
        found["password"] = form["password"]
    elif form.get("no_password"):
        found["password"] = None
    scopes = typed.words(form.get("scopes", "")) if form.get("granting") == "these" else None
    if scopes != (None if user is None or user.scopes is None else sorted(user.scopes)):
        found["scopes"] = scopes
    return found


def _claims(user: User | None, form: Values, before: Profile) -> dict[str, Any]:
    claims = dict(user.claims) if user else {}
    for name in before.fields:
        text = form.get(name, "")
        if text == before.values[name]:
            continue
        claims.pop(name, None)
        if value := typed.items(text) if name in LISTS else text.strip():
            claims[name] = value
    return claims


def _is_simple(value: object) -> bool:
    """Whether it is a list that a field with commas can hold."""
    return isinstance(value, list) and all(isinstance(each, str) and "," not in each for each in value)

"""Users of a realm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from devidp.seed.imports.document import Document, present, table, tables, texts
from devidp.seed.imports.keycloak.roles import Roles, claims
from devidp.seed.imports.lost import Losses

HASHED = "it is a hash, of which no password comes; the user logs in by the button on the login page, or give one"


def users(realm: Document, roles: Roles, losses: Losses) -> Iterator[tuple[str, dict[str, Any]]]:
    """Those who can log in, by name; accounts of clients are no users."""
    for user in tables(realm, "users"):
        username = str(user.get("username") or "")
        if not username or user.get("serviceAccountClientId"):
            continue
        name = f"users.{username}"
        for key, reason in _LOST.items():
            if user.get(key):
                losses.note(f"{name}.{key}", reason)
        yield (
            username,
            present(
                {
                    "sub": user.get("id"),
                    "password": _password(name, user, losses),
                    "mfa": "totp" if any(each.get("type") == "otp" for each in tables(user, "credentials")) else None,
                    "disabled": True if user.get("enabled") is False else None,
                    "claims": _claims(user, username, roles),
                }
            ),
        )


_LOST = {
    "requiredActions": "devidp asks for nothing at a login but to log in",
    "federatedIdentities": "devidp sends nobody to another provider",
    "clientConsents": "the user is asked again",
}


def _claims(user: Document, username: str, roles: Roles) -> dict[str, Any]:
    first, last = user.get("firstName"), user.get("lastName")
    groups = texts(user, "groups")
    attributes = {name: _value(value) for name, value in table(user, "attributes").items()}
    return attributes | present(
        {
            "name": " ".join(str(each) for each in (first, last) if each),
            "given_name": first,
            "family_name": last,
            "preferred_username": username,
            "email": user.get("email"),
            "email_verified": bool(user.get("emailVerified")) if user.get("email") else None,
            "groups": groups,
            "group_names": [path.rpartition("/")[2] for path in groups],
            **claims(roles.of(user)),
        }
    )


def _value(value: Any) -> Any:
    """Attributes are lists, and tokens have the value of a list of one."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _password(name: str, user: Document, losses: Losses) -> str | None:
    found = None
    for credential in tables(user, "credentials"):
        kind, value = credential.get("type", "password"), credential.get("value")
        if kind == "password" and isinstance(value, str):
            found = value
            if credential.get("temporary"):
                losses.note(f"{name}.credentials", "the password is not temporary here")
        elif kind == "otp":
            losses.note(f"{name}.credentials", "devidp simulates the second factor and takes any code of six digits")
        else:
            losses.note(f"{name}.credentials", HASHED if kind == "password" else f"devidp knows no {kind}")
    return found

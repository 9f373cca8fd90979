"""One part of a seed over another: files over those before them, and the settings of an issuer over its profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from devidp.seed.values import Table, mapping

Keys = Literal["settings", "names", "anything"]
"""What the keys of a mapping are: those of devidp, names that the seed gives, or content of its own."""

NAMES = ("issuers", "scopes", "resources", "users", "clients", "trusted_issuers")
CONTENT = ("claims", "metadata", "rename", "client_ids", "issuer_document")
WHOLE = ("signing_key", "jwks")
"""Mappings that are one value: no key is laid over another one."""
EITHER = (
    ("path", "url"), ("signing_key", "signing_key_file"), ("secret", "secret_file"), ("password", "password_file"),
    ("initial_access_token", "initial_access_token_file"), ("bearer_token", "bearer_token_file"), ("jwks", "jwks_uri"),
)  # fmt: skip
"""Settings that stand in place of each other."""


def lay_over(own: Mapping[str, Any], below: Mapping[str, Any], keys: Keys = "settings") -> Table:
    """``own`` over ``below``: mappings key by key, all else in place of what is below."""
    result = Table()
    for table in (below, own):
        for key, value in table.items():
            under = None if keys == "settings" and key in WHOLE else result.get(key)
            both = isinstance(value, dict) and isinstance(under, dict)
            result[key] = lay_over(value, mapping(under), _keys_in(key, keys)) if both else value
            result.lines.pop(key, None)
        result.lines.update(table.lines if isinstance(table, Table) else {})
    given = {key for key, value in own.items() if value is not None}
    for either in EITHER if keys == "settings" else ():
        for replaced in set(either) - given if given.intersection(either) else ():
            result.pop(replaced, None)
    return result


def _keys_in(key: str, keys: Keys) -> Keys:
    """What the keys of the mapping at ``key`` are."""
    if keys != "settings":
        return "settings" if keys == "names" else keys
    return "names" if key in NAMES else "anything" if key in CONTENT else "settings"

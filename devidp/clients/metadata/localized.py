"""Names and addresses of a client in several languages (RFC 7591 section 2.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from devidp.models import Client

TRANSLATED = ("client_name", "client_uri", "logo_uri", "tos_uri", "policy_uri")

_MEMBER = re.compile(rf"(?:{'|'.join(TRANSLATED)})#([A-Za-z]{{1,8}}(?:-[A-Za-z0-9]{{1,8}}){{0,8}})")
"""A field and a language tag (RFC 5646 section 2.1)."""


def members(data: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a registration that are in one language."""
    return {name: value for name, value in data.items() if _MEMBER.fullmatch(name)}


def in_language(client: Client, ui_locales: str | None) -> Client:
    """``client`` as a person reads of it who prefers ``ui_locales`` (OpenID Connect Core section 3.1.2.1)."""
    if not ui_locales:
        return client
    shown = {name: found for name in TRANSLATED if (found := _best(client.metadata, name, ui_locales)) is not None}
    if not shown:
        return client
    return replace(client, name=shown.get("client_name", client.name), metadata={**client.metadata, **shown})


def _best(metadata: Mapping[str, Any], name: str, ui_locales: str) -> str | None:
    """The value for the first of ``ui_locales`` that has one, as it is or shortened (RFC 4647 section 3.4)."""
    known = {member.lower(): str(value) for member, value in metadata.items() if member.startswith(f"{name}#")}
    for tag in ui_locales.lower().split():
        parts = tag.split("-")
        for length in range(len(parts), 0, -1):
            found = known.get(f"{name}#{'-'.join(parts[:length])}")
            if found is not None:
                return found
    return None

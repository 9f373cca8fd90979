"""Response types: what the authorization endpoint is asked for (OAuth 2.0 Multiple Response Type Encoding Practices).

A response type is a set of words: their order does not matter.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from devidp.oauth import names

RESPONSE_TYPES: Final[dict[str, str]] = {
    "code": "",
    "id_token": names.IMPLICIT,
    "id_token token": names.IMPLICIT,
    "token": names.IMPLICIT,
    "code id_token": names.HYBRID,
    "code token": names.HYBRID,
    "code id_token token": names.HYBRID,
}
"""Every response type, and the feature that switches it on."""

_FRONT = frozenset({"token", "id_token"})


def parts(response_type: str) -> frozenset[str]:
    return frozenset(response_type.split(" ")) - {""}


def canonical(response_type: str) -> str | None:
    """The response type as ``RESPONSE_TYPES`` spells it, in any order; ``None`` for an unknown one."""
    wanted = parts(response_type)
    return next((known for known in RESPONSE_TYPES if parts(known) == wanted), None)


def offered(grants: Collection[str], features: Collection[str]) -> tuple[str, ...]:
    """What an issuer with ``grants`` and ``features`` has; without the code grant nobody logs in there."""
    if names.AUTHORIZATION_CODE not in grants:
        return ()
    return tuple(name for name, feature in RESPONSE_TYPES.items() if not feature or feature in features)


def mismatch(wanted: Collection[str], grants: Collection[str]) -> str | None:
    """Why a client of these grant types cannot have these response types, or ``None`` where it can."""
    needed = {grant for each in wanted for grant in _grant_types(each)}
    if missing := needed - set(grants):
        return f"grant_types lacks {' '.join(sorted(missing))}"
    if names.AUTHORIZATION_CODE in grants and names.AUTHORIZATION_CODE not in needed:
        return "grant_types holds authorization_code, and none of them has a code"
    return None


def _grant_types(response_type: str) -> frozenset[str]:
    """The grant types that a client registers for it (OpenID Connect Registration section 2)."""
    code = {names.AUTHORIZATION_CODE} if "code" in parts(response_type) else set()
    return frozenset(code | ({names.IMPLICIT} if carries_tokens(response_type) else set()))


def carries_tokens(response_type: str) -> bool:
    """Whether a token comes from the authorization endpoint: then no answer may be in a query."""
    return bool(parts(response_type) & _FRONT)


def default_mode(response_type: str) -> str:
    """The response mode of a request that names none (Multiple Response Types section 2.1 and 5)."""
    return "fragment" if carries_tokens(response_type) else "query"

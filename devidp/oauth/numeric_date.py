"""NumericDate (RFC 7519 section 2): how JSON Web Tokens write an instant, as seconds since the epoch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from devidp.oauth.errors import Problem, quoted

TIMES = ("exp", "nbf", "iat", "auth_time")
"""Claims that are instants (RFC 7519 section 4.1, OpenID Connect Core section 2)."""
LIMIT = 1e14
"""No instant is this far from the epoch, not even one in milliseconds; a larger integer is more than a float can be."""


def is_date(value: object) -> TypeGuard[int | float]:
    """Whether ``value`` is an instant: a finite number, neither true nor false."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LIMIT


def are_dates(claims: Mapping[str, Any]) -> bool:
    """Whether every time among ``claims`` is an instant."""
    return all(is_date(claims[name]) for name in TIMES if name in claims)


def parse(name: str, value: Any) -> int | float:
    """The instant in the claim ``name``; raises Problem."""
    if not is_date(value):
        raise Problem(f"its {name} is {quoted(value)}", f"Send {name} as seconds since the epoch, a number")
    return value

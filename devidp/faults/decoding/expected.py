"""What an access token is expected to say: as RFC 9068 has it, or in the shape that an issuer gives its tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from devidp.keys.tokens import ACCESS_TOKEN_TYPE
from devidp.models.shape import TokenShape
from devidp.models.template import source

REQUIRED = ("iss", "sub", "aud", "exp", "iat", "jti", "client_id")
"""RFC 9068 section 2.2."""
_AS_WRITTEN = {name: name for name in (*REQUIRED, "scope")}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a strict resource server looks for."""

    typ: str = ACCESS_TOKEN_TYPE
    """In the header; ``none``: there is none."""
    names: Mapping[str, str] = field(default_factory=lambda: _AS_WRITTEN)
    """What the claims of RFC 9068 are called that tokens have."""


RFC_9068 = Expected()


def of(shape: TokenShape) -> Expected:
    """What the tokens of an issuer with this shape have, whatever its cases add."""
    names = {name: said for name in _AS_WRITTEN if (said := _named(name, shape)) is not None}
    return Expected(shape.typ or ACCESS_TOKEN_TYPE, names)


def _named(name: str, shape: TokenShape) -> str | None:
    """What the claim ``name`` is called; ``None`` where tokens lack it."""
    if name in shape.claims:
        return name
    if name not in shape.drop:
        return shape.rename.get(name, name)
    return next((claim for claim, template in shape.claims.items() if source(template) == name), None)

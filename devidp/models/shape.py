"""The shape of a token, where it is not that of the specifications: what a real provider says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

HeaderType = Literal["at+jwt", "JWT", "none"]


@dataclass(frozen=True, slots=True)
class Condition:
    """Of which tokens a case is one: every member that is not ``None`` has to hold, a tuple by one of its items."""

    grant: tuple[str, ...] | None = None
    scope: tuple[str, ...] | None = None
    client: tuple[str, ...] | None = None
    auth_method: tuple[str, ...] | None = None
    """How the client authenticates."""
    resource: tuple[str, ...] | None = None
    user: bool | None = None
    """Whether it speaks for a user, or for the client itself."""


@dataclass(frozen=True, slots=True)
class ClaimChanges:
    """What becomes of the claims, in this order; a name that the token lacks is passed over."""

    drop: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)
    """What is set; text may hold templates (``devidp.models.template``), and ``None`` leaves the claim out."""


@dataclass(frozen=True, slots=True)
class ShapeCase(ClaimChanges):
    """What becomes of the claims of some tokens."""

    when: Condition = field(default_factory=Condition)


@dataclass(frozen=True, slots=True)
class TokenShape(ClaimChanges):
    """How a token, or the answer of UserInfo, differs from what it is without a shape."""

    typ: HeaderType | None = None
    """``None``: as it is without a shape."""
    cases: tuple[ShapeCase, ...] = ()
    """Each that the token is one of is applied, one after the other."""

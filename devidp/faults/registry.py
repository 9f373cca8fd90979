"""What a fault is, and the decorator that makes a function one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from devidp.faults.case import Case
from devidp.keys.tokens import Draft

TokenType = Literal["access", "id", "refresh", "logout", "id-jag", "client-assertion"]
Level = Literal["must", "should"]
Evidence = Literal["token", "context"]
Spoil = Callable[[Case], Draft | str]
"""A draft is signed afterwards; a string is the token itself. A fault of state changes the state on the way."""
ANY_JWT: tuple[TokenType, ...] = ("access", "id", "logout", "id-jag")
"""What an issuer signs."""
SIGNED: tuple[TokenType, ...] = (*ANY_JWT, "client-assertion")


@dataclass(frozen=True, slots=True)
class Fault:
    """A way for a token to be wrong."""

    name: str
    group: str
    description: str
    """One sentence that says what is wrong with the token."""
    section: str
    """The section of a specification that it violates."""
    status: int
    """What a correct resource server answers: 401, or 403 where the token is valid but does not allow this."""
    level: Level
    """``must``: no verifier may accept it; ``should``: a strict one refuses it, and a lenient one has an excuse."""
    evidence: Evidence
    """``token``: the token and the JWK Set show it; ``context``: only the issuer, or what the server knows of its users
    and tenants, tells that this valid token is not good here."""
    applies_to: tuple[TokenType, ...]
    """The types of token that it can spoil; the first is its default."""
    spoil: Spoil


class Group:
    """The faults of one kind: the functions of one module."""

    def __init__(
        self,
        name: str,
        applies_to: tuple[TokenType, ...] = ("access",),
        status: int = 401,
        evidence: Evidence = "token",
    ) -> None:
        self.name = name
        self._applies_to = applies_to
        self._status = status
        self._evidence = evidence
        self.faults: list[Fault] = []

    def fault(
        self,
        section: str,
        status: int | None = None,
        level: Level = "must",
        evidence: Evidence | None = None,
        applies_to: tuple[TokenType, ...] | None = None,
    ) -> Callable[[Spoil], Spoil]:
        """Register the function: its name is that of the fault, its docstring the description."""

        def register(spoil: Spoil) -> Spoil:
            name = spoil.__name__.replace("_", "-")
            text = " ".join((spoil.__doc__ or "").split())
            answer, seen_in = status or self._status, evidence or self._evidence
            types = applies_to or self._applies_to
            self.faults.append(Fault(name, self.name, text, section, answer, level, seen_in, types, spoil))
            return spoil

        return register

"""Tokens that do not say themselves all that their issuer has to know when they come back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

ShapedType = Literal["access", "id"]
_ABSENT = object()


class Shaping(NamedTuple):
    """What a token was before it got its shape, so that it can be read back."""

    token_type: ShapedType
    standard: Mapping[str, Any]
    """The claims of the specifications."""
    shaped: Mapping[str, Any]
    """The claims that it says instead."""
    sources: Mapping[str, str]
    """By name of a claim that says one of the specifications again, or in its place: the name of that."""
    keep_until: int
    opaque: bool = False
    """Whether it is a random string, and all of it is in a row."""
    whole: bool = False
    """Whether it says everything itself."""

    def places(self, name: str) -> tuple[str, ...]:
        """The claims that say the one of the specifications with this ``name``, itself first."""
        own = [name] if name in self.shaped else []
        return (*own, *(place for place, source in self.sources.items() if source == name and place != name))

    def read(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """The claims of the specifications that a token with ``claims`` means, which may have been spoilt."""
        meant = dict(self.standard)
        for place in {**self.shaped, **claims}:
            said = claims.get(place, _ABSENT)
            if said == self.shaped.get(place, _ABSENT):
                continue
            name = self.sources.get(place, place)
            if said is _ABSENT:
                meant.pop(name, None)
            else:
                meant[name] = _joined(said) if name == "scope" else said
        return meant


def _joined(scope: Any) -> Any:
    if isinstance(scope, list) and all(isinstance(each, str) for each in scope):
        return " ".join(scope)
    return scope

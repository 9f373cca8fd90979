"""One error for everything that cannot be minted: an unknown name, a value of a wrong kind, an inapplicable fault."""

from __future__ import annotations

from collections.abc import Iterable

from devidp.oauth.errors import InvalidRequest, quoted
from devidp.oauth.suggestion import did_you_mean, known_names

MAX_LISTED = 20


class MintRefused(InvalidRequest):
    """This token cannot be minted: no part of a request is ever ignored silently."""

    default_section = ""


class NotApplicable(MintRefused):
    """A fault cannot be in this token: what it would spoil is not there."""


def unknown(what: str, name: str, known: Iterable[str], remedy: str = "") -> MintRefused:
    """The refusal of a name that is not among ``known``, with the nearest one that is."""
    names = list(known)
    return MintRefused(
        f"The {what} {quoted(name)} is unknown; there are: {known_names(names, MAX_LISTED)}",
        remedy=f"{did_you_mean(name, names)}{remedy or f'Name one of these, or leave the {what} out'}",
    )

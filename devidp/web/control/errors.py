"""The errors of the controller."""

from __future__ import annotations

from collections.abc import Iterable

from devidp.oauth.errors import shortened
from devidp.oauth.suggestion import did_you_mean, known_names

MAX_LISTED = 30


class ControlError(Exception):
    """A call that makes no sense; the message says what it got, what it expected, and what to change."""


class FaultNotApplicable(ControlError):
    """A fault that the token cannot have, at this issuer and for this user and client."""


class UnknownName(ControlError):
    """A name of something that does not exist."""

    def __init__(self, what: str, name: object, known: Iterable[str]) -> None:
        names = list(known)
        there_are = did_you_mean(str(name), names, ", did you mean {!r}? There are") or "; there are"
        super().__init__(f"there is no {what} {shortened(str(name))!r}{there_are}: {known_names(names, MAX_LISTED)}")

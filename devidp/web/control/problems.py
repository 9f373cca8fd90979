"""Why something that was asked of the controller is refused."""

from __future__ import annotations

from collections.abc import Iterable

from devidp.oauth.suggestion import did_you_mean

MAX_LISTED = 30


class ControlError(Exception):
    """The request makes no sense as it came; the message says what came, what was expected, and what to change."""


class NoSuch(ControlError):
    """Something is named that is not there."""

    def __init__(self, what: str, name: object, known: Iterable[str]) -> None:
        there = [str(each) for each in known]
        super().__init__(f"there is no {what} {str(name)!r}{suggestion(str(name), there)}; {listing(there)}")


def suggestion(name: str, known: Iterable[str]) -> str:
    """``, did you mean 'bob'?``, or nothing where no known name is near."""
    return did_you_mean(name, known, ", did you mean {!r}?")


def listing(known: list[str]) -> str:
    more = f" and {len(known) - MAX_LISTED} more" if len(known) > MAX_LISTED else ""
    return f"there are: {', '.join(known[:MAX_LISTED]) or 'none'}{more}"

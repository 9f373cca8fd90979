"""What came beside what was expected: where the two differ, and in one sentence how."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple
from urllib.parse import SplitResult

from devidp.oauth.errors import printable
from devidp.oauth.redirect_uri import split

ALIKE = 0.6
"""From which likeness on, 0 to 1, single characters are worth marking."""


class Piece(NamedTuple):
    """A part of a value, and whether the other one has something else there."""

    text: str
    differs: bool


class Difference(NamedTuple):
    """Two values in pieces. ``words`` is a sentence, empty where the eye sees more than words could say."""

    got: tuple[Piece, ...]
    expected: tuple[Piece, ...]
    words: str
    others: tuple[str, ...] = ()
    """What would have been right too."""


def difference(got: str, expected: Sequence[str]) -> Difference | None:
    """How ``got`` differs from the first of ``expected``; ``None`` where one of them is empty.

    Values that have little in common differ as a whole.
    """
    if not (got and expected):
        return None
    nearest, *others = expected
    matcher = SequenceMatcher(None, got, nearest, autojunk=False)
    alike = matcher.ratio() >= ALIKE
    codes = matcher.get_opcodes() if alike else [("replace", 0, len(got), 0, len(nearest))]
    return Difference(
        tuple(Piece(got[start:end], tag != "equal") for tag, start, end, _, _ in codes if end > start),
        tuple(Piece(nearest[start:end], tag != "equal") for tag, _, _, start, end in codes if end > start),
        words(got, nearest),
        tuple(others),
    )


def words(got: str, expected: str) -> str:
    """One sentence about a difference that is easily overlooked; empty for any other."""
    return next((sentence for sentence in _sentences(got, expected) if sentence), "")


def _sentences(got: str, expected: str) -> Iterator[str]:
    if got == f"{expected}/":
        yield "What came has a slash at its end, which is not expected."
    if f"{got}/" == expected:
        yield "The slash at the end is missing."
    if got.strip() == expected:
        yield "What came has white space around it."
    if (hidden := _visible(got)) != got and hidden == _visible(expected):
        yield "What came holds characters that cannot be seen."
    if got.lower() == expected.lower():
        yield "Only upper and lower case differ."
    parts = split(got), split(expected)
    if parts[0] and parts[1] and parts[0].netloc and parts[1].netloc:
        yield _of_uris(parts[0], parts[1])


def _of_uris(got: SplitResult, expected: SplitResult) -> str:
    """The one part in which two URIs differ."""
    differing = [name for name, read in _PARTS.items() if read(got) != read(expected)]
    if len(differing) != 1:
        return ""
    read = _PARTS[differing[0]]
    return f"Only the {differing[0]} differs: {read(got) or 'none'} came, expected {read(expected) or 'none'}."


_PARTS: dict[str, Callable[[SplitResult], str]] = {
    "scheme": lambda uri: uri.scheme,
    "host": lambda uri: uri.hostname or "",
    "port": lambda uri: str(uri.port or ""),
    "path": lambda uri: uri.path,
    "query": lambda uri: uri.query,
    "fragment": lambda uri: uri.fragment,
}


def _visible(text: str) -> str:
    return "".join(char for char in text if char.isprintable())


def lines(got: str, expected: Sequence[str], *, alike: bool = False) -> Iterator[str]:
    """The difference for a terminal: one above the other, with marks below what differs.

    With ``alike`` only where both have something in common: a sentence says the rest as well.
    """
    found = difference(got, expected)
    if found is None or (alike and all(piece.differs for piece in found.got)):
        return
    for label, pieces in (("came", found.got), ("expected", found.expected)):
        yield f"  {label:<8}  {printable(''.join(piece.text for piece in pieces))}"
        marks = "".join(("^" if piece.differs else " ") * len(piece.text) for piece in pieces).rstrip()
        if marks:
            yield f"{'':12}{marks}"
    if found.words:
        yield printable(f"  {found.words}")
    if found.others:
        yield printable(f"  or        {' '.join(found.others)}")

"""What stands for a person on a page: a picture that is part of the page, or initials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LARGEST_PICTURE = 16_000
"""Characters of one picture."""
PICTURES = 40_000
"""Characters of all pictures of a page: the rest of the people have initials."""
_KINDS = tuple(f"data:image/{kind}" for kind in ("png;", "jpeg;", "gif;", "webp;", "svg+xml,", "svg+xml;"))
"""An image that is shown by ``<img>`` runs no script and loads nothing, an SVG neither."""
_LONGEST = 200


def picture(claims: Mapping[str, Any]) -> str:
    """The claim ``picture`` where it is an image itself: a page loads nothing from elsewhere."""
    found = claims.get("picture")
    shown = isinstance(found, str) and len(found) <= LARGEST_PICTURE and found.startswith(_KINDS)
    return found if shown else ""  # type: ignore[return-value]


def initials(name: str) -> str:
    """The first letters of the first and the last word of ``name``."""
    letters = [letter for word in name[:_LONGEST].split() if (letter := _first_letter(word))]
    return "".join([*letters[:1], *letters[1:][-1:]]) or "?"


def _first_letter(word: str) -> str:
    # the capital of some letters is two of them
    return next((char.upper()[:1] for char in word if char.isalnum()), "")

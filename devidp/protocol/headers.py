"""The headers of a request, as much as the protocol needs to know of them."""

from __future__ import annotations

from typing import Protocol


class Headers(Protocol):
    """Asked for names in lower case; a mapping will do, and so will the headers of any framework."""

    def get(self, name: str, /) -> str | None: ...

"""An issuer with its protocol."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from devidp.issuer.issuer import Issuer

if TYPE_CHECKING:
    from devidp.protocol.engine import Engine


MAX_NAMES = 64
"""Clients choose the port by which they call."""


class Server:
    """What an endpoint is handed: the issuer, and the protocol for those that need it."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer
        self._called: dict[str, Server] = {}

    def called(self, base_url: str) -> Server:
        """The same under another name of the issuer."""
        found = self._called.get(base_url)
        if found is None:
            if len(self._called) >= MAX_NAMES:
                self._called.clear()
            found = self._called[base_url] = Server(self.issuer.called(base_url))
        return found

    @cached_property
    def engine(self) -> Engine:
        # Authlib and the grants are a tenth of a start, and no document needs them
        from devidp.protocol.engine import Engine  # noqa: PLC0415

        return Engine(self.issuer)

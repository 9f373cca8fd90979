"""An issuer with its protocol."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from devidp.issuer.issuer import Issuer

if TYPE_CHECKING:
    from devidp.protocol.engine import Engine


class Server:
    """What an endpoint is handed: the issuer, and the protocol for those that need it."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer

    @cached_property
    def engine(self) -> Engine:
        # Authlib and the grants are a tenth of a start, and no document needs them
        from devidp.protocol.engine import Engine  # noqa: PLC0415

        return Engine(self.issuer)

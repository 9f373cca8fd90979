"""What an issuer asks of the server that it is part of, so that faults can be armed, and change real state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

    from devidp.faults.registry import Fault
    from devidp.issuer.backchannel import Courier
    from devidp.keys import SigningKey
    from devidp.models import Authorization


class Host(Protocol):
    """The server around an issuer."""

    @property
    def courier(self) -> Courier:
        """Brings clients what they have to be told."""

    def next_fault(self, issuer: str, authorization: Authorization) -> Fault | None:
        """The fault armed for the tokens of ``authorization``, used up by this call; ``None`` where there is none."""

    def signing_key(self, issuer: str) -> SigningKey:
        """The active key of an issuer of this server."""

    def key_set(self, issuer: str) -> KeySet:
        """The published keys of an issuer of this server."""

    def disable_user(self, issuer: str, username: str) -> None:
        """The user may not log in any more, and their tokens are inactive."""

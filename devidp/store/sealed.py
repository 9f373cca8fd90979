"""Text sealed with the secret of the data folder: private keys and overrides."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from functools import cached_property
from typing import TYPE_CHECKING

from devidp.store.database import StoreError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class Sealed:
    """Seals and opens with Fernet, under a key that is derived from ``secret`` for ``purpose``."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._key = urlsafe_b64encode(hmac.digest(secret, purpose.encode(), "sha256"))

    @cached_property
    def _cipher(self) -> tuple[Fernet, type[Exception]]:
        # cryptography is a twelfth of a start, and a new data folder holds nothing that is sealed
        from cryptography.fernet import Fernet, InvalidToken  # noqa: PLC0415

        return Fernet(self._key), InvalidToken

    def seal(self, text: str) -> str:
        return self._cipher[0].encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text; raises StoreError where it was sealed with another secret."""
        fernet, invalid = self._cipher
        try:
            return fernet.decrypt(sealed).decode()
        except invalid:
            raise StoreError(
                "devidp.db was written with another secret than the one in the file 'secret' beside it. "
                "Put the old file back, or delete both to start anew"
            ) from None

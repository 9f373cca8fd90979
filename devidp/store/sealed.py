"""Text sealed with the secret of the data folder: private keys and overrides."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken

from devidp.store.database import StoreError


class Sealed:
    """Seals and opens with Fernet, under a key that is derived from ``secret`` for ``purpose``."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._fernet = Fernet(urlsafe_b64encode(hmac.digest(secret, purpose.encode(), "sha256")))

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text; raises StoreError where it was sealed with another secret."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise StoreError(
                "devidp.db was written with another secret than the one in the file 'secret' beside it. "
                "Put the old file back, or delete both to start anew"
            ) from None

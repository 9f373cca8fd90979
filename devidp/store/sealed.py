"""Text sealed with the secret of the data folder, or of the replicas: private keys and overrides."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cached_property
from typing import TYPE_CHECKING

from devidp.store.database import StoreError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


FOLDER = (
    "devidp.db was written with another secret than the one in the file 'secret' beside it. "
    "Put the old file back, or delete both to start anew"
)
REPLICAS = (
    "the database was written with another DEVIDP_SECRET than this one. "
    "Give every replica the same, or this one an empty database to start anew"
)


class Sealed:
    """Seals and opens with Fernet, under a key that is derived from ``secret`` for ``purpose``.

    ``refusal`` is what is said of a text that was sealed with another secret.
    """

    def __init__(self, secret: bytes, purpose: str, refusal: str = FOLDER) -> None:
        self._refusal = refusal
        self._key = hmac.digest(secret, purpose.encode(), "sha256")

    @cached_property
    def _cipher(self) -> tuple[Fernet, type[Exception]]:
        # cryptography is a twelfth of a start, which opens nothing that is sealed
        from cryptography.fernet import Fernet, InvalidToken  # noqa: PLC0415

        return Fernet(urlsafe_b64encode(self._key)), InvalidToken

    def check(self, sealed: str) -> None:
        """Raise StoreError where ``sealed`` was sealed with another secret.

        Its HMAC says so (Fernet's specification, "Token Format"), so that a start need not wait for cryptography.
        """
        try:
            token = urlsafe_b64decode(sealed)
        except ValueError:
            token = b""
        own = hmac.digest(self._key[:16], token[:-32], "sha256")
        if not hmac.compare_digest(own, token[-32:]):
            raise StoreError(self._refusal)

    def seal(self, text: str) -> str:
        return self._cipher[0].encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text; raises StoreError where it was sealed with another secret."""
        fernet, invalid = self._cipher
        try:
            return fernet.decrypt(sealed).decode()
        except invalid:
            raise StoreError(self._refusal) from None

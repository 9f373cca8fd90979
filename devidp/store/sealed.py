"""Text that only this installation can read: what was changed at run time holds secrets that have to be had again."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode

from cryptography import exceptions
from cryptography.hazmat.primitives.ciphers import aead

from devidp.store.database import StoreError

NONCE_BYTES = 12


class Sealed:
    """Seals and opens with AES-GCM, under a key that is derived from ``secret`` for ``purpose``."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._key = hmac.digest(secret, purpose.encode(), "sha256")

    def seal(self, text: str) -> str:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return b64encode(nonce + aead.AESGCM(self._key).encrypt(nonce, text.encode(), None)).decode()

    def open(self, sealed: str) -> str:
        """The text; raises StoreError where it was sealed by another installation."""
        content = b64decode(sealed)
        try:
            return aead.AESGCM(self._key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], None).decode()
        except exceptions.InvalidTag:
            raise StoreError(
                "What was changed at run time cannot be read: the file secret of the data folder is another one. "
                "Start devidp anew"
            ) from None

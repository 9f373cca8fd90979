"""Key rings as processes have them that share a data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from devidp.keys import KeyRing, SigningKey
from devidp.store import open_database
from devidp.store.generation import Generation
from devidp.store.sealed import Sealed
from devidp.store.signing_keys import SigningKeys

SECRET = b"secret" * 6


@dataclass(frozen=True, slots=True)
class Rings:
    """Makes rings over one database file; without a ``path`` each is in memory."""

    path: Path | None
    stack: ExitStack

    def keys(self, issuer: str = "default", secret: bytes = SECRET) -> SigningKeys:
        """The keys as one more process sees them."""
        database = self.stack.enter_context(closing(open_database(self.path)))
        return SigningKeys(database, Generation(database), issuer, Sealed(secret, "signing keys"))

    def ring(
        self,
        algorithm: str = "ES256",
        issuer: str = "default",
        imported: SigningKey | None = None,
        key_size: int | None = None,
    ) -> KeyRing:
        return KeyRing(algorithm, self.keys(issuer), imported, key_size=key_size)


@contextmanager
def rings_at(path: Path | None) -> Iterator[Rings]:
    with ExitStack() as stack:
        yield Rings(path, stack)

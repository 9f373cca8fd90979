"""Key rings as processes have them that share a data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from devidp.keys import KeyRing, SigningKey
from devidp.store import Database, open_database, postgres
from devidp.store.generation import Generation
from devidp.store.sealed import Sealed
from devidp.store.signing_keys import SigningKeys

SECRET = b"secret" * 6


@dataclass(frozen=True, slots=True)
class Rings:
    """Makes rings over one database file or at one URL; without a ``place`` each is in memory."""

    place: Path | str | None
    stack: ExitStack

    def keys(self, issuer: str = "default", secret: bytes = SECRET) -> SigningKeys:
        """The keys as one more process sees them."""
        database: Database = (
            postgres.open_database(self.place) if isinstance(self.place, str) else open_database(self.place)
        )
        self.stack.enter_context(closing(database))
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
def rings_at(place: Path | str | None) -> Iterator[Rings]:
    with ExitStack() as stack:
        yield Rings(place, stack)

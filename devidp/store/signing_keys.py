"""The signing keys of one issuer, with the private part sealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from devidp.store.database import Queries
from devidp.store.generation import Generation
from devidp.store.sealed import Sealed
from devidp.system.clock import machine_seconds


class StoredKey(NamedTuple):
    """``state``, ``hidden`` and ``created_at`` as a SigningKey has them; ``sealed`` is a private key as PEM."""

    kid: str
    algorithm: str
    state: str
    hidden: bool
    sealed: str
    created_at: int | None = None


Keys = tuple[StoredKey, ...]


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The keys of ``issuer``, newest first."""

    database: Queries
    generation: Generation
    issuer: str
    sealed: Sealed
    seconds: Callable[[], int] = machine_seconds

    def find(self) -> Keys:
        return self._find(self.database)

    def change(self, function: Callable[[Keys], Keys]) -> None:
        """Replace the keys by the result of ``function``, atomically."""
        with self.generation.change() as transaction:
            before = {key.kid: key for key in self._find(transaction)}
            keys = function(tuple(before.values()))
            transaction.execute("DELETE FROM signing_keys WHERE issuer = ?", (self.issuer,))
            for place, key in enumerate(keys):
                created_at = before[key.kid].created_at if key.kid in before else self.seconds()
                transaction.execute(
                    "INSERT INTO signing_keys (issuer, kid, place, algorithm, state, hidden, sealed, created_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (self.issuer, key.kid, place, key.algorithm, key.state, int(key.hidden), key.sealed, created_at),
                )

    def _find(self, queries: Queries) -> Keys:
        rows = queries.rows(
            "SELECT kid, algorithm, state, hidden, sealed, created_at FROM signing_keys"
            " WHERE issuer = ? ORDER BY place",
            (self.issuer,),
        )
        return tuple(
            StoredKey(kid, algorithm, state, bool(hidden), sealed, created_at)
            for kid, algorithm, state, hidden, sealed, created_at in rows
        )

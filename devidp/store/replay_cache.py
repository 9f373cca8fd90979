"""What may be used once: the ids of signed statements, remembered while these are valid."""

from __future__ import annotations

from hashlib import sha256

from devidp.store.database import Database


class ReplayCache:
    """The used ids of one issuer."""

    def __init__(self, database: Database, issuer: str) -> None:
        self._database = database
        self._issuer = issuer

    def is_claimed(self, identifier: str) -> bool:
        """Whether ``identifier`` has been used up."""
        row = self._database.row(
            "SELECT 1 FROM used_ids WHERE issuer = ? AND hash = ?",
            (self._issuer, sha256(identifier.encode()).hexdigest()),
        )
        return row is not None

    def claim(self, identifier: str, keep_until: int) -> bool:
        """Use up ``identifier``, which says what it is an id of; ``False`` where another request was first."""
        with self._database.transaction() as transaction:
            claimed = transaction.row(
                "INSERT INTO used_ids (issuer, hash, purge_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1",
                (self._issuer, sha256(identifier.encode()).hexdigest(), keep_until),
            )
        return claimed is not None

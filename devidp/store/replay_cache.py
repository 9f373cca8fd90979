"""Replay cache: the ids of single-use assertions and proofs, remembered while these are valid."""

from __future__ import annotations

from devidp.store.rows import Rows, digest


class ReplayCache(Rows):
    def is_claimed(self, identifier: str) -> bool:
        row = self._database.row(
            "SELECT 1 FROM used_ids WHERE issuer = ? AND hash = ?", (self._issuer, digest(identifier))
        )
        return row is not None

    def claim(self, identifier: str, keep_until: int) -> bool:
        """Use up ``identifier``, which says what it is an id of; ``False`` where another request was first."""
        return self._claim(
            "INSERT INTO used_ids (issuer, hash, purge_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (self._issuer, digest(identifier), keep_until),
        )

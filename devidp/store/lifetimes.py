"""How long what one issuer gives may live, now and under earlier seeds whose tokens can still be alive."""

from __future__ import annotations

from dataclasses import dataclass

from devidp.store.database import Database


@dataclass(frozen=True, slots=True)
class LongestLifetimes:
    """``issuer`` is part of every key and every condition."""

    database: Database
    issuer: str

    def adopt(self, seconds: int, at: int) -> int:
        """Have ``seconds`` in force from ``at`` on; the longest of all that count, this one included."""
        known = self.database.rows("SELECT seconds, purge_at FROM lifetimes WHERE issuer = ?", (self.issuer,))
        if (seconds, None) not in known or sum(until is None for _, until in known) > 1:
            self._replace(seconds, at)
        return max(seconds, *(int(each) for each, _ in known)) if known else seconds

    def _replace(self, seconds: int, at: int) -> None:
        with self.database.transaction() as transaction:
            transaction.execute(
                "UPDATE lifetimes SET purge_at = ? + seconds WHERE issuer = ? AND purge_at IS NULL AND seconds <> ?",
                (at, self.issuer, seconds),
            )
            transaction.execute(
                "INSERT INTO lifetimes (issuer, seconds, purge_at) VALUES (?, ?, NULL)"
                " ON CONFLICT (issuer, seconds) DO UPDATE SET purge_at = NULL",
                (self.issuer, seconds),
            )

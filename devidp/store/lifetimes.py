"""The longest lifetime of what one issuer gives out, now and under earlier seeds whose tokens may still be alive."""

from __future__ import annotations

from devidp.store.rows import Rows


class LongestLifetimes(Rows):
    def adopt(self, seconds: int, at: int) -> int:
        """Put ``seconds`` into force from ``at`` on; returns the longest of all that count."""
        known = self._database.rows("SELECT seconds, purge_at FROM lifetimes WHERE issuer = ?", (self._issuer,))
        if (seconds, None) not in known or sum(until is None for _, until in known) > 1:
            self._replace(seconds, at)
        return max(seconds, *(int(each) for each, _ in known)) if known else seconds

    def _replace(self, seconds: int, at: int) -> None:
        with self._database.transaction():
            self._write(
                "UPDATE lifetimes SET purge_at = ? + seconds WHERE issuer = ? AND purge_at IS NULL AND seconds <> ?",
                (at, self._issuer, seconds),
            )
            self._write(
                "INSERT INTO lifetimes (issuer, seconds, purge_at) VALUES (?, ?, NULL)"
                " ON CONFLICT (issuer, seconds) DO UPDATE SET purge_at = NULL",
                (self._issuer, seconds),
            )

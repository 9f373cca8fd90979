"""Failed logins and wrong user codes at one issuer, by address."""

from __future__ import annotations

from devidp.store.rows import Rows, key

MAX_ADDRESSES = 10_000
"""Addresses that are remembered; of more, those that are forgotten soonest are deleted."""

PURGE_ADDRESSES = """
    DELETE FROM failed_logins WHERE (issuer, address) IN (SELECT issuer, address FROM (
        SELECT issuer, address, row_number() OVER (ORDER BY purge_at DESC, issuer, address) AS place
        FROM failed_logins) AS placed WHERE place > ?)
"""
"""Takes ``MAX_ADDRESSES``."""


class FailedLogins(Rows):
    """A count ends ``within`` seconds after it began."""

    def blocked_until(self, address: str, limit: int, at: int, within: int) -> int | None:
        """When ``address`` may log in again; ``None``: now."""
        # a count from the future was made before the clock was set back
        row = self._database.row(
            "SELECT purge_at FROM failed_logins"
            " WHERE issuer = ? AND address = ? AND failures >= ? AND purge_at > ? AND purge_at <= ?",
            (self._issuer, key(address), limit, at, at + within),
        )
        return None if row is None else int(row[0])

    def add(self, address: str, limit: int, at: int, within: int) -> bool:
        """Count one more; ``False`` where ``limit`` has been reached meanwhile."""
        with self._database.transaction():
            self._write(
                "DELETE FROM failed_logins WHERE issuer = ? AND address = ? AND NOT (purge_at > ? AND purge_at <= ?)",
                (self._issuer, key(address), at, at + within),
            )
            return self._claim(
                "INSERT INTO failed_logins (issuer, address, failures, purge_at) VALUES (?, ?, 1, ?)"
                " ON CONFLICT (issuer, address) DO UPDATE SET failures = failed_logins.failures + 1"
                " WHERE failed_logins.failures < ?",
                (self._issuer, key(address), at + within, limit),
            )

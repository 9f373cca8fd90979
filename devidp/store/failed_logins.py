"""How many logins of each address have failed at one issuer."""

from __future__ import annotations

from dataclasses import dataclass

from devidp.store.database import Database

MAX_ADDRESSES = 10_000
"""Addresses that are remembered; of more, those that are forgotten soonest are deleted."""

PURGE_ADDRESSES = """
    DELETE FROM failed_logins WHERE (issuer, address) IN (SELECT issuer, address FROM (
        SELECT issuer, address, row_number() OVER (ORDER BY purge_at DESC, issuer, address) AS place
        FROM failed_logins) AS placed WHERE place > ?)
"""
"""Takes ``MAX_ADDRESSES``."""


@dataclass(frozen=True, slots=True)
class FailedLogins:
    """``issuer`` is part of every key and every condition. A count ends ``within`` seconds after it began."""

    database: Database
    issuer: str

    def blocked_until(self, address: str, limit: int, at: int, within: int) -> int | None:
        """When ``address`` may log in again; ``None``: now."""
        # a count from the future was made before the clock was set back
        row = self.database.row(
            "SELECT purge_at FROM failed_logins"
            " WHERE issuer = ? AND address = ? AND failures >= ? AND purge_at > ? AND purge_at <= ?",
            (self.issuer, address, limit, at, at + within),
        )
        return None if row is None else int(row[0])

    def add(self, address: str, limit: int, at: int, within: int) -> bool:
        """Count one more; ``False`` where others have reached ``limit`` meanwhile."""
        with self.database.transaction() as transaction:
            transaction.execute(
                "DELETE FROM failed_logins WHERE issuer = ? AND address = ? AND NOT (purge_at > ? AND purge_at <= ?)",
                (self.issuer, address, at, at + within),
            )
            counted = transaction.row(
                "INSERT INTO failed_logins (issuer, address, failures, purge_at) VALUES (?, ?, 1, ?)"
                " ON CONFLICT (issuer, address) DO UPDATE SET failures = failed_logins.failures + 1"
                " WHERE failed_logins.failures < ? RETURNING 1",
                (self.issuer, address, at + within, limit),
            )
        return counted is not None

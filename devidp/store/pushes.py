"""Questions that were sent to the devices of users: whether it is they who log in."""

from __future__ import annotations

from devidp.models import Push
from devidp.store.rows import Rows


class Pushes(Rows):
    """One for each flow, the newest: who logs in as somebody else is asked anew."""

    def send(self, push: Push, keep_until: int) -> None:
        self._write(
            "INSERT INTO pushes (issuer, id, username, client_id, sent_at, purge_at) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (issuer, id) DO UPDATE SET username = excluded.username, sent_at = excluded.sent_at,"
            " purge_at = excluded.purge_at, decision = NULL",
            (self._issuer, push.id, push.username, push.client_id, push.sent_at, keep_until),
        )

    def waiting(self, at: float) -> tuple[Push, ...]:
        """Those that nobody has answered, oldest first."""
        rows = self._database.rows(
            "SELECT id, username, client_id, sent_at FROM pushes"
            " WHERE issuer = ? AND decision IS NULL AND purge_at > ? ORDER BY sent_at, id",
            (self._issuer, at),
        )
        return tuple(Push(*row) for row in rows)

    def decide(self, push_id: str, decision: str, at: float) -> bool:
        """``False`` where it waits no longer."""
        return self._claim(
            "UPDATE pushes SET decision = ? WHERE issuer = ? AND id = ? AND decision IS NULL AND purge_at > ?",
            (decision, self._issuer, push_id, at),
        )

    def take(self, push_id: str, username: str) -> str | None:
        """The decision, which this uses up; ``None`` where there is none yet."""
        with self._database.transaction() as transaction:
            rows = transaction.rows(
                "DELETE FROM pushes WHERE issuer = ? AND id = ? AND username = ? AND decision IS NOT NULL"
                " RETURNING decision",
                (self._issuer, push_id, username),
            )
        return str(rows[0][0]) if rows else None

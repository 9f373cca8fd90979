"""Device codes of one issuer: requested by a device, decided by a user, and used once."""

from __future__ import annotations

import json

from devidp.models import DeviceCode, DeviceDecision
from devidp.store.rows import Rows, digest, load

SLOW_DOWN_SECONDS = 5
"""What each poll that comes too early adds to the interval (RFC 8628 section 3.5)."""


class Devices(Rows):
    def add(self, device_code: str, record: DeviceCode) -> bool:
        """Store a new code; ``False`` where another device has the same user code."""
        return self._claim(
            "INSERT INTO device_codes (hash, issuer, user_code, record, interval, purge_at)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                digest(device_code), self._issuer, record.user_code, json.dumps(record._asdict()), record.interval,
                record.expires_at,
            ),
        )  # fmt: skip

    def find(self, device_code: str) -> tuple[DeviceCode, DeviceDecision | None, int | None] | None:
        """The code, what the user has decided, and when it was used."""
        row = self._database.row(
            "SELECT record, decision, used_at FROM device_codes WHERE hash = ? AND issuer = ?",
            (digest(device_code), self._issuer),
        )
        return None if row is None else (DeviceCode(**load(row[0])), _decision(row[1]), row[2])

    def find_by_user_code(self, user_code: str) -> tuple[DeviceCode, DeviceDecision | None] | None:
        row = self._database.row(
            "SELECT record, decision FROM device_codes WHERE user_code = ? AND issuer = ?", (user_code, self._issuer)
        )
        return None if row is None else (DeviceCode(**load(row[0])), _decision(row[1]))

    def decide(self, user_code: str, decision: DeviceDecision) -> bool:
        """Store what the user has decided; ``False`` where that had been done."""
        return self._claim(
            "UPDATE device_codes SET decision = ? WHERE user_code = ? AND issuer = ? AND decision IS NULL",
            (json.dumps(decision._asdict()), user_code, self._issuer),
        )

    def expire(self, user_code: str, at: int) -> bool:
        """Let the code be good until ``at`` only."""
        key = (user_code, self._issuer)
        with self._database.transaction() as transaction:
            row = transaction.row("SELECT record FROM device_codes WHERE user_code = ? AND issuer = ?", key)
            if row is None:
                return False
            record = json.dumps({**json.loads(row[0]), "expires_at": at})
            transaction.execute("UPDATE device_codes SET record = ? WHERE user_code = ? AND issuer = ?", (record, *key))
        return True

    def poll(self, device_code: str, at: float) -> int | None:
        """Note a poll; the new interval where it came too early."""
        key = (digest(device_code), self._issuer)
        with self._database.transaction() as transaction:
            row = transaction.row("SELECT interval, polled_at FROM device_codes WHERE hash = ? AND issuer = ?", key)
            if row is None:
                return None  # its client was deleted since it was found
            interval, polled_at = row
            early = polled_at is not None and at - polled_at < interval
            interval += SLOW_DOWN_SECONDS if early else 0
            transaction.execute(
                "UPDATE device_codes SET interval = ?, polled_at = ? WHERE hash = ? AND issuer = ?",
                (interval, at, *key),
            )
        return interval if early else None

    def consume(self, device_code: str, at: int, keep_until: int) -> bool:
        return self._claim(
            "UPDATE device_codes SET used_at = ?, purge_at = ? WHERE hash = ? AND issuer = ? AND used_at IS NULL",
            (at, keep_until, digest(device_code), self._issuer),
        )


def _decision(record: str | None) -> DeviceDecision | None:
    return None if record is None else DeviceDecision(**load(record))

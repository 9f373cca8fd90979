"""The faults that a token can be minted with, by group."""

from __future__ import annotations

from devidp.faults import GROUPS, Group

TITLES = {
    "time": "Time", "issuer": "Issuer", "audience": "Audience", "signature": "Signature", "key": "Key",
    "algorithm": "Algorithm", "shape": "Shape", "confusion": "Confusion", "scope": "Scope",
    "authentication": "Authentication", "tenant": "Tenant", "state": "State", "id-token": "ID tokens",
    "id-jag": "ID-JAGs",
}  # fmt: skip


def groups() -> list[tuple[str, Group]]:
    """Each with its title."""
    return [(TITLES.get(group.name, group.name), group) for group in GROUPS]

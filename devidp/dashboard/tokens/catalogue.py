"""The faults that a token can be minted with, by group."""

from __future__ import annotations

from collections.abc import Collection

from devidp.faults import GROUPS, Fault, Group

TITLES = {
    "time": "Time", "issuer": "Issuer", "audience": "Audience", "signature": "Signature", "key": "Key",
    "algorithm": "Algorithm", "shape": "Shape", "confusion": "Confusion", "scope": "Scope",
    "authentication": "Authentication", "tenant": "Tenant", "state": "State", "id-token": "ID tokens",
    "id-jag": "ID-JAGs",
}  # fmt: skip


def groups(wanted: str = "", chosen: Collection[str] = (), *, every: bool = True) -> list[tuple[str, list[Fault]]]:
    """Each group by its title, with those of its faults that have every word of ``wanted``, or are ``chosen``.

    Without ``every`` only those that are chosen.
    """
    words = wanted.lower().split()
    found = (
        (title(group), [fault for fault in group.faults if fault.name in chosen or (every and _has(fault, words))])
        for group in GROUPS
    )
    return [(title, faults) for title, faults in found if faults]


def title(group: Group) -> str:
    """What people call a group."""
    return TITLES.get(group.name, group.name)


def _has(fault: Fault, words: Collection[str]) -> bool:
    text = f"{fault.name} {fault.group} {fault.description} {fault.section} {fault.level}".lower()
    return all(word in text for word in words)

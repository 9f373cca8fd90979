"""The keys of a ring by their state: which one signs, which are shown, and what becomes of those before a new one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from devidp.keys.signing_key import SigningKey, State

Keys = tuple[SigningKey, ...]


def active(keys: Iterable[SigningKey], algorithm: str) -> SigningKey | None:
    return next((key for key in keys if key.state == "active" and key.algorithm == algorithm), None)


def demoted(keys: Keys, state: State, algorithm: str) -> Keys:
    """``keys`` with ``state`` in place of active for those of ``algorithm``."""
    return tuple(
        replace(key, state=state) if key.state == "active" and key.algorithm == algorithm else key for key in keys
    )


def promoted(keys: Keys, imported: SigningKey) -> Keys:
    """``keys`` with the imported one as the only active one of its algorithm, in its old place or as the newest."""
    others = demoted(keys, "published", imported.algorithm)
    if imported.kid not in (key.kid for key in keys):
        return (imported, *others)
    return tuple(replace(imported, hidden=key.hidden) if key.kid == imported.kid else key for key in others)


def shown(keys: Iterable[SigningKey]) -> Iterable[SigningKey]:
    """Those that are not hidden."""
    return (key for key in keys if not key.hidden)

"""The keys of a ring by their state: which one signs, which are shown, and what becomes of those before a new one."""

from __future__ import annotations

from collections.abc import Iterable

from devidp.keys.signing_key import KeyProblem, SigningKey, State

Keys = tuple[SigningKey, ...]


def active(keys: Iterable[SigningKey], algorithm: str) -> SigningKey | None:
    return next((key for key in keys if key.state == "active" and key.algorithm == algorithm), None)


def demoted(keys: Keys, state: State, algorithm: str) -> Keys:
    """``keys`` with ``state`` in place of active for those of ``algorithm``."""
    return tuple(
        key._replace(state=state) if key.state == "active" and key.algorithm == algorithm else key for key in keys
    )


def promoted(keys: Keys, imported: SigningKey) -> Keys:
    """``keys`` with the imported one as the only active one of its algorithm, in its old place or as the newest."""
    others = demoted(keys, "published", imported.algorithm)
    if imported.kid not in (key.kid for key in keys):
        return (imported, *others)
    return tuple(imported._replace(hidden=key.hidden) if key.kid == imported.kid else key for key in others)


def activated(keys: Keys, kid: str) -> Keys:
    """``keys`` with this one as the active one of its algorithm, each in its place; raises KeyProblem."""
    found = named(keys, kid)
    others = demoted(keys, "published", found.algorithm)
    return tuple(found._replace(state="active") if key.kid == kid else key for key in others)


def without(keys: Keys, kid: str) -> Keys:
    """``keys`` but this one; raises KeyProblem for one that signs."""
    found = named(keys, kid)
    if found.state == "active":
        raise KeyProblem(f"the key {kid} signs; activate another first, or rotate")
    return tuple(key for key in keys if key is not found)


def named(keys: Keys, kid: str) -> SigningKey:
    """The key of this ``kid``; raises KeyProblem."""
    found = next((key for key in keys if key.kid == kid), None)
    if found is None:
        raise KeyProblem(f"there is no key {kid!r}; there are: {' '.join(key.kid for key in keys)}")
    return found


def shown(keys: Iterable[SigningKey]) -> Iterable[SigningKey]:
    """Those that are not hidden."""
    return (key for key in keys if not key.hidden)

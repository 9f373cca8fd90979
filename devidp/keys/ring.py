"""The ring of an issuer: which keys it has, and which of them signs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import cast

from joserfc.jwk import KeySet

from devidp.keys import material
from devidp.keys.key import KeyProblem, SigningKey, State
from devidp.store.signing_keys import SigningKeys, StoredKey

Keys = tuple[SigningKey, ...]


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """A ring at one moment. It is replaced as a whole, so that no thread sees half of a change."""

    keys: Keys
    active: SigningKey
    public: Keys
    key_set: KeySet
    document: bytes
    generation: int


class KeyRing:
    """The keys of one issuer, the same ones in every worker.

    The first use loads or makes them, so that starting devidp does not wait for a key of an issuer nobody asks.
    """

    def __init__(self, algorithm: str, store: SigningKeys, imported: SigningKey | None = None) -> None:
        self._algorithm = algorithm
        self._store = store
        self._imported = imported
        self._making = threading.Lock()
        self._snapshot: _Snapshot | None = None
        self._opened: dict[str, material.Jwk] = {}
        """Private keys that need not be unsealed again, by ``kid``."""

    @property
    def active(self) -> SigningKey:
        """The key that signs."""
        return self._current().active

    def signing_with(self, algorithm: str | None) -> SigningKey:
        """The key that signs with ``algorithm``, made at its first use; ``None`` is the issuer's own algorithm."""
        if algorithm is None or algorithm == self._algorithm:
            return self.active
        found = _active(self._current().keys, algorithm)
        if found is None:
            self._make(algorithm)
            found = _active(self._current().keys, algorithm)
            assert found is not None
        return found

    def public_keys(self) -> Keys:
        """The keys that verifiers may rely on."""
        return self._current().public

    def key_set(self) -> KeySet:
        """The published keys, for verifying."""
        return self._current().key_set

    def document(self) -> bytes:
        """The JWK Set as published (RFC 7517 section 5); the same bytes until the ring changes."""
        return self._current().document

    def check(self) -> None:
        """Read the keys that are stored, and make none; raises KeyProblem or StoreError where one cannot be used."""
        self._load()

    def all_keys(self) -> Keys:
        """Every key of any state, the newest first."""
        return self._current().keys

    def rotate(self, *, overlap: bool = True, publish: bool = True) -> SigningKey:
        """Sign with a new key from now on; the old one stays published where ``overlap`` is true.

        Without ``publish`` the new key is hidden until it is changed.
        """
        if self._imported is not None:
            raise KeyProblem("it comes from the seed: give another signing_key there")
        fresh = replace(material.generate(self._algorithm), hidden=not publish)
        after: State = "published" if overlap else "retired"
        self._change(lambda keys: (fresh, *_demote(keys, after, self._algorithm)))
        return fresh

    def change(self, kid: str, *, state: State | None = None, hidden: bool | None = None) -> None:
        """Retire, publish or hide a key; raises KeyProblem for one that is not there, or cannot go because it signs."""
        self._current()

        def changed(key: SigningKey) -> SigningKey:
            if key.kid != kid:
                return key
            if key.state == "active" and state not in (None, "active"):
                raise KeyProblem(f"the key {kid} signs; rotate first")
            return replace(key, state=state or key.state, hidden=key.hidden if hidden is None else hidden)

        def change(keys: Keys) -> Keys:
            if kid not in (key.kid for key in keys):
                raise KeyProblem(f"there is no key {kid!r}; there are: {' '.join(key.kid for key in keys)}")
            return tuple(changed(key) for key in keys)

        self._change(change)

    def renew(self) -> None:
        """Begin anew with one key: the imported one, or a new one."""
        fresh = self._imported or material.generate(self._algorithm)
        self._change(lambda keys: (fresh,))

    def _current(self) -> _Snapshot:
        snapshot = self._snapshot
        if snapshot is None or snapshot.generation != self._store.generation.seen:
            snapshot = self._load()
        if snapshot is None:
            self._make(self._algorithm)
            snapshot = self._load()
            assert snapshot is not None
        return snapshot

    def _make(self, algorithm: str) -> None:
        """Add a key that signs with ``algorithm``, where no worker has been faster."""
        with self._making:  # the threads of a worker make one in all
            if _active(self._unseal(self._store.find()), algorithm) is not None:
                return
            fresh = material.generate(algorithm)  # takes 30 to 80 ms, in which others can write

            def add(keys: Keys) -> Keys:
                if _active(keys, algorithm) is not None:
                    return keys
                if algorithm == self._algorithm:
                    return (fresh, *_demote(keys, "published", algorithm))
                return (*keys, fresh)

            self._change(add)

    def _load(self) -> _Snapshot | None:
        """What is stored; ``None`` where nothing signs yet."""
        generation = self._store.generation.seen
        keys = self._unseal(self._store.find())
        if _active(keys, self._algorithm) is None:
            return None
        before = self._snapshot
        if before is not None and before.keys == keys:
            snapshot = replace(before, generation=generation)  # what changed was something else
        else:
            snapshot = self._snapshot_of(keys, generation)
        self._snapshot = snapshot
        return snapshot

    def _change(self, function: Callable[[Keys], Keys]) -> None:
        def change(stored: tuple[StoredKey, ...]) -> tuple[StoredKey, ...]:
            keys = function(self._unseal(stored))
            self._opened = {key.kid: key.jwk for key in keys}
            return tuple(self._seal(key) for key in keys)

        self._store.change(change)

    def _unseal(self, stored: Iterable[StoredKey]) -> Keys:
        """The keys that are kept, with the imported one as the one that signs."""
        keys = tuple(
            SigningKey(each.kid, each.algorithm, self._private_key(each), cast(State, each.state), each.hidden)
            for each in stored
        )
        return keys if self._imported is None else _promote(keys, self._imported)

    def _private_key(self, stored: StoredKey) -> material.Jwk:
        known = self._opened.get(stored.kid)
        if known is None:
            pem = self._store.sealed.open(stored.sealed)
            try:
                known = self._opened[stored.kid] = material.from_pem(pem)
            except ValueError as error:
                raise KeyProblem(f"the key {stored.kid} in the database is damaged: {error}") from error
        return known

    def _seal(self, key: SigningKey) -> StoredKey:
        return StoredKey(key.kid, key.algorithm, key.state, key.hidden, self._store.sealed.seal(material.to_pem(key)))

    def _snapshot_of(self, keys: Keys, generation: int) -> _Snapshot:
        public = tuple(key for key in keys if key.state != "retired")
        return _Snapshot(
            keys=keys,
            active=next(key for key in keys if key.state == "active" and key.algorithm == self._algorithm),
            public=public,
            key_set=material.key_set(public),
            document=json.dumps({"keys": [key.public_jwk() for key in public if not key.hidden]}).encode(),
            generation=generation,
        )


def _active(keys: Iterable[SigningKey], algorithm: str) -> SigningKey | None:
    return next((key for key in keys if key.state == "active" and key.algorithm == algorithm), None)


def _demote(keys: Keys, state: State, algorithm: str) -> Keys:
    """``keys`` with ``state`` in place of active for those of ``algorithm``."""
    return tuple(
        replace(key, state=state) if key.state == "active" and key.algorithm == algorithm else key for key in keys
    )


def _promote(keys: Keys, imported: SigningKey) -> Keys:
    """``keys`` with the imported one as the only active one of its algorithm; at its place, or as the newest."""
    others = _demote(keys, "published", imported.algorithm)
    if imported.kid not in (key.kid for key in keys):
        return (imported, *others)
    return tuple(replace(imported, hidden=key.hidden) if key.kid == imported.kid else key for key in others)

"""The ring of an issuer: which keys it has, and which of them signs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from pkgutil import resolve_name
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from devidp.keys import states
from devidp.keys.signing_key import Jwk, KeyProblem, SigningKey, State
from devidp.keys.states import Keys
from devidp.store.signing_keys import SigningKeys, StoredKey

if TYPE_CHECKING:
    from joserfc.jwk import KeySet


class _Snapshot(NamedTuple):
    """A ring at one moment. It is replaced as a whole, so that no thread sees half of a change."""

    keys: Keys
    active: SigningKey
    public: Keys
    key_set: KeySet
    document: bytes
    generation: int


class KeyRing:
    """The keys of one issuer, the same ones in every worker.

    The first use loads or generates them, so that starting devidp does not wait for unused keys.
    """

    def __init__(
        self,
        algorithm: str,
        store: SigningKeys,
        imported: SigningKey | None = None,
        *,
        key_size: int | None = None,
        x5c: bool = False,
    ) -> None:
        self._algorithm = algorithm
        self._store = store
        self._imported = imported
        self._key_size = key_size
        self._x5c = x5c
        self._generating = threading.Lock()
        self._snapshot: _Snapshot | None = None
        self._unsealed: dict[str, Jwk] = {}
        """Private keys that need not be unsealed again, by ``kid``."""

    @property
    def active(self) -> SigningKey:
        """The key that signs."""
        return self._current().active

    def signing_with(self, algorithm: str | None) -> SigningKey:
        """The key that signs with ``algorithm``, generated at its first use; ``None`` is the issuer's own algorithm."""
        if algorithm is None or algorithm == self._algorithm:
            return self.active
        found = self._signing(self._current().keys, algorithm)
        if found is None:
            self._add(algorithm)
            snapshot = self._load()  # another process may have added it, of whose generation this one has not heard
            assert snapshot is not None
            found = self._signing(snapshot.keys, algorithm)
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

    def certificates(self) -> bytes:
        """A certificate of each key in the JWK Set as PEM, by ``kid``; the same bytes until the ring changes."""
        return json.dumps({key.kid: _certificate().pem(key) for key in states.shown(self.public_keys())}).encode()

    def check(self) -> None:
        """Raise StoreError where the stored keys cannot be opened; opens and generates none."""
        for key in self._store.find():
            self._store.sealed.check(key.sealed)

    def all_keys(self) -> Keys:
        """Every key of any state, the newest first."""
        return self._current().keys

    def rotate(self, *, overlap: bool = True, publish: bool = True) -> SigningKey:
        """Sign with a new key from now on; the old one stays published where ``overlap`` is true.

        Without ``publish`` the new key is hidden until it is changed.
        """
        self._expect_generated()
        fresh = self._generate(self._algorithm)._replace(hidden=not publish)
        after: State = "published" if overlap else "retired"
        self._change(lambda keys: (fresh, *states.demoted(keys, after, self._algorithm)))
        return states.named(self.all_keys(), fresh.kid)

    def change(self, kid: str, *, state: State | None = None, hidden: bool | None = None) -> None:
        """Retire, publish or hide a key; raises KeyProblem for an unknown one, and for retiring the one that signs."""
        self._current()

        def change(keys: Keys) -> Keys:
            found = states.named(keys, kid)
            if found.state == "active" and state not in (None, "active"):
                raise KeyProblem(f"the key {kid} signs; rotate first")
            changed = found._replace(state=state or found.state, hidden=found.hidden if hidden is None else hidden)
            return tuple(changed if key is found else key for key in keys)

        self._change(change)

    def activate(self, kid: str) -> None:
        """Sign with this key of the ring; the one that signed with its algorithm stays published."""
        self._expect_generated()
        self._current()
        self._change(lambda keys: states.activated(keys, kid))

    def delete(self, kid: str) -> None:
        """Forget a key that does not sign; raises KeyProblem for one that does."""
        self._current()
        self._change(lambda keys: states.without(keys, kid))

    def renew(self) -> None:
        """Start over with one key: the imported one, or a new one."""
        fresh = self._imported or self._generate(self._algorithm)
        self._change(lambda keys: (fresh,))

    def _expect_generated(self) -> None:
        if self._imported is not None:
            raise KeyProblem("it comes from the seed: set another signing_key there")

    def _current(self) -> _Snapshot:
        snapshot = self._snapshot
        if snapshot is None or snapshot.generation != self._store.generation.seen:
            snapshot = self._load()
        if snapshot is None:
            self._add(self._algorithm)
            snapshot = self._load()
            assert snapshot is not None
        return snapshot

    def _signing(self, keys: Keys, algorithm: str) -> SigningKey | None:
        """The one of ``keys`` that signs with ``algorithm``; ``None`` where none does, or one of another size."""
        found = states.active(keys, algorithm)
        return found if found is not None and found.has_size(self._key_size) else None

    def _generate(self, algorithm: str) -> SigningKey:
        generated: SigningKey = _material().generate(algorithm, self._key_size)
        return generated

    def _add(self, algorithm: str) -> None:
        """Add a key that signs with ``algorithm``, unless another worker was faster."""
        with self._generating:  # the threads of a worker generate only one
            if self._signing(self._unseal(self._store.find()), algorithm) is not None:
                return
            fresh = self._generate(algorithm)  # takes 30 ms to a second, in which others can write, or be faster
            if self._signing(self._unseal(self._store.find()), algorithm) is not None:
                return

            def add(keys: Keys) -> Keys:
                if self._signing(keys, algorithm) is not None:
                    return keys
                others = states.demoted(keys, "published", algorithm)
                return (fresh, *others) if algorithm == self._algorithm else (*others, fresh)

            self._change(add)

    def _load(self) -> _Snapshot | None:
        """The stored ring; ``None`` where nothing signs yet."""
        generation = self._store.generation.seen
        keys = self._unseal(self._store.find())
        active = self._signing(keys, self._algorithm)
        if active is None:
            return None
        if self._snapshot is not None and self._snapshot.keys == keys:
            snapshot = self._snapshot._replace(generation=generation)  # something else has changed
        else:
            public = tuple(key for key in keys if key.state != "retired")
            document = json.dumps({"keys": [self._member(key) for key in states.shown(public)]}).encode()
            snapshot = _Snapshot(keys, active, public, _material().key_set(public), document, generation)
        self._snapshot = snapshot
        return snapshot

    def _member(self, key: SigningKey) -> dict[str, Any]:
        """What the JWK Set says of ``key``."""
        return key.public_jwk() | (_certificate().jwk_members(key) if self._x5c else {})

    def _change(self, function: Callable[[Keys], Keys]) -> None:
        seal = self._store.sealed.seal

        def change(stored: tuple[StoredKey, ...]) -> tuple[StoredKey, ...]:
            keys = function(self._unseal(stored))
            self._unsealed = {key.kid: key.jwk for key in keys}
            return tuple(
                StoredKey(key.kid, key.algorithm, key.state, key.hidden, seal(key.jwk.as_pem(private=True).decode()))
                for key in keys
            )

        self._store.change(change)

    def _unseal(self, stored: Iterable[StoredKey]) -> Keys:
        """The stored keys, with the imported one as the one that signs."""
        keys = tuple(
            SigningKey(
                each.kid, each.algorithm, self._private_key(each), cast(State, each.state), each.hidden, each.created_at
            )
            for each in stored
        )
        return keys if self._imported is None else states.promoted(keys, self._imported)

    def _private_key(self, stored: StoredKey) -> Jwk:
        known = self._unsealed.get(stored.kid)
        if known is None:
            pem = self._store.sealed.open(stored.sealed)
            try:
                known = self._unsealed[stored.kid] = _material().from_pem(pem)
            except ValueError as error:
                raise KeyProblem(f"the key {stored.kid} in the database is damaged: {error}") from error
        return known


def _material() -> ModuleType:
    # joserfc, with cryptography, is an eighth of a start, and no document but the JWK Set needs a key
    material: ModuleType = resolve_name("devidp.keys.material")
    return material


def _certificate() -> ModuleType:
    certificate: ModuleType = resolve_name("devidp.keys.certificate")
    return certificate

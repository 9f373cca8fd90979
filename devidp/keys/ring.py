"""The ring of an issuer: which keys it has, which of them signs, and the file that keeps them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from joserfc.jwk import KeySet

from devidp.keys import material
from devidp.keys.key import KeyProblem, SigningKey, State
from devidp.store.counter import Counter
from devidp.store.lock import exclusive
from devidp.system import files
from devidp.system.clock import stopwatch

LOOK_SECONDS = 0.5
"""How often it is looked whether somebody changed the file by hand."""


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """A ring at one moment. It is replaced as a whole, so that no thread sees half of a change."""

    keys: tuple[SigningKey, ...]
    active: SigningKey
    public: tuple[SigningKey, ...]
    key_set: KeySet
    document: bytes
    stamp: tuple[int, int] | None
    """What the file was like; ``None`` without one."""
    changes: int


class KeyRing:
    """The keys of one issuer. With a ``folder`` they last, and every worker has the same ones.

    The first use loads or makes them, so that starting devidp does not wait for a key of an issuer nobody asks.
    """

    def __init__(self, name: str, algorithm: str, folder: Path | None, imported: SigningKey | None = None) -> None:
        self._path = None if folder is None else folder / f"{name}.json"
        self._algorithm = algorithm
        self._imported = imported
        self._lock = threading.Lock()
        self._snapshot: _Snapshot | None = None
        self._changes = None if folder is None else Counter(folder / "changes")
        self._look_again = 0.0

    @property
    def active(self) -> SigningKey:
        """The key that signs."""
        return self._current().active

    def signing_with(self, algorithm: str | None) -> SigningKey:
        """The key that signs with ``algorithm``, made at its first use; ``None`` is the issuer's own algorithm."""
        if algorithm is None or algorithm == self._algorithm:
            return self.active
        found = _active(self._current().keys, algorithm)
        if found is not None:
            return found
        fresh = material.generate(algorithm)
        with self._exclusively():
            keys = self._in_force()
            found = _active(keys, algorithm)
            if found is None:
                self._write((*keys, fresh))
        return found or fresh

    def public_keys(self) -> tuple[SigningKey, ...]:
        """The keys that verifiers may rely on."""
        return self._current().public

    def key_set(self) -> KeySet:
        """The published keys, for verifying."""
        return self._current().key_set

    def document(self) -> bytes:
        """The JWK Set as published (RFC 7517 section 5); the same bytes until the ring changes."""
        return self._current().document

    def check(self) -> None:
        """Read the file, where there is one; raises KeyProblem or PrivateFileError where it cannot be used."""
        if self._file_stamp() is not None:
            self._current()

    def all_keys(self) -> tuple[SigningKey, ...]:
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
        with self._exclusively():
            self._write((fresh, *_demoted(self._read(), after, self._algorithm)))
        return fresh

    def change(self, kid: str, *, state: State | None = None, hidden: bool | None = None) -> None:
        """Retire, publish or hide a key; raises KeyProblem for one that is not there, or cannot go because it signs."""
        self._current()
        with self._exclusively():
            keys = {key.kid: key for key in self._in_force()}
            if kid not in keys:
                raise KeyProblem(f"there is no key {kid!r}; there are: {' '.join(keys)}")
            key = keys[kid]
            if key.state == "active" and state not in (None, "active"):
                raise KeyProblem(f"the key {kid} signs; rotate first")
            keys[kid] = replace(key, state=state or key.state, hidden=key.hidden if hidden is None else hidden)
            self._write(tuple(keys.values()))

    def renew(self) -> None:
        """Begin anew with one key: the imported one, or a new one."""
        fresh = self._imported or material.generate(self._algorithm)
        with self._exclusively():
            self._write((fresh,))

    def _current(self) -> _Snapshot:
        snapshot = self._snapshot
        if snapshot is not None and self._still(snapshot):
            return snapshot
        with self._exclusively():
            keys = self._in_force()
            if _active(keys, self._algorithm) is not None:
                return self._adopt(keys)
            return self._write((material.generate(self._algorithm), *_demoted(keys, "published", self._algorithm)))

    def _still(self, snapshot: _Snapshot) -> bool:
        """Whether nobody changed the ring: another worker says so at once, a file is looked at from time to time."""
        if self._changes is None:
            return True
        if self._changes.get() != snapshot.changes:
            return False
        now = stopwatch()
        if now < self._look_again:
            return True
        self._look_again = now + LOOK_SECONDS
        return snapshot.stamp == self._file_stamp()

    def _in_force(self) -> tuple[SigningKey, ...]:
        """The keys that are kept, with the imported one as the one that signs."""
        keys, imported = self._read(), self._imported
        if imported is None:
            return keys
        if any(key.kid == imported.kid for key in keys):
            return _promoted(keys, imported.kid)
        return (imported, *_demoted(keys, "published", imported.algorithm))

    def _exclusively(self) -> files.Held:
        return files.Held(self._lock, None if self._path is None else exclusive(self._path.parent))

    def _file_stamp(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino

    def _read(self) -> tuple[SigningKey, ...]:
        if self._path is None:
            return self._snapshot.keys if self._snapshot else ()
        text = files.read_private(self._path)
        if text is None:
            return ()
        try:
            return tuple(material.from_file(entry) for entry in json.loads(text)["keys"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeyProblem(
                f"the key file {self._path} is damaged ({error}); move it away to have a new key generated"
            ) from error

    def _write(self, keys: tuple[SigningKey, ...]) -> _Snapshot:
        if self._path is not None:
            files.write_private(self._path, json.dumps({"keys": [material.to_file(key) for key in keys]}, indent=1))
        if self._changes is not None:
            self._changes.put(self._changes.get() + 1)
        return self._adopt(keys)

    def _adopt(self, keys: tuple[SigningKey, ...]) -> _Snapshot:
        public = tuple(key for key in keys if key.state != "retired")
        self._snapshot = _Snapshot(
            keys=keys,
            active=next(key for key in keys if key.state == "active" and key.algorithm == self._algorithm),
            public=public,
            key_set=material.key_set(public),
            document=json.dumps({"keys": [key.public_jwk() for key in public if not key.hidden]}).encode(),
            stamp=self._file_stamp(),
            changes=0 if self._changes is None else self._changes.get(),
        )
        return self._snapshot


def _active(keys: Iterable[SigningKey], algorithm: str) -> SigningKey | None:
    return next((key for key in keys if key.state == "active" and key.algorithm == algorithm), None)


def _demoted(keys: Iterable[SigningKey], state: State, algorithm: str) -> tuple[SigningKey, ...]:
    """``keys`` with ``state`` in place of active for those of ``algorithm``."""
    return tuple(
        replace(key, state=state) if key.state == "active" and key.algorithm == algorithm else key for key in keys
    )


def _promoted(keys: Iterable[SigningKey], kid: str) -> tuple[SigningKey, ...]:
    """``keys`` with the one of this ``kid`` as the only active one of its algorithm."""
    keys = tuple(keys)
    algorithm = next(key.algorithm for key in keys if key.kid == kid)
    demoted = _demoted(keys, "published", algorithm)
    return tuple(replace(key, state="active") if key.kid == kid else key for key in demoted)

"""Signing keys: one ring an issuer, made once for a data folder, and the JWK Set that is published.

Owns key material and its files. A ring file holds PEM texts beside the state of each key; its mode is 0600, that of
its folder 0700, and it is replaced as a whole. The ``kid`` is the RFC 7638 thumbprint, so the same key has the same
name everywhere.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey, import_key

from devidp import files
from devidp.store.lock import exclusive

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
State = Literal["active", "published", "retired"]
MIN_RSA_BITS = 2048
_NOT_PRIVATE = "it is not a private key; devidp needs one to sign"


class KeyProblem(Exception):
    """A key cannot be used; the message says why and what to change."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its name and state.

    ``active`` signs; ``published`` is in the JWK Set without signing: it is the next or the one before;
    ``retired`` is neither.
    """

    kid: str
    algorithm: str
    jwk: RSAKey | ECKey | OKPKey
    state: State = "active"
    hidden: bool = False
    """Left out of the JWK Set whatever its state is, as by an issuer that publishes too late."""

    def public_jwk(self) -> dict[str, Any]:
        """The member of the JWK Set: never a private parameter (RFC 7517 section 4)."""
        return {**self.jwk.as_dict(private=False), "use": "sig", "alg": self.algorithm, "kid": self.kid}


def generate(algorithm: str) -> SigningKey:
    """A new key for ``algorithm``: RSA of 2048 bits, P-256, or Ed25519."""
    if algorithm == "ES256":
        return _named(ECKey.generate_key("P-256", auto_kid=False), algorithm)
    if algorithm in ("EdDSA", "Ed25519"):
        return _named(OKPKey.generate_key("Ed25519", auto_kid=False), algorithm)
    return _named(RSAKey.generate_key(MIN_RSA_BITS, auto_kid=False), algorithm)


def parse(text: str, algorithm: str) -> SigningKey:
    """A key from the text of a PEM or JWK; raises KeyProblem where it does not fit ``algorithm``."""
    stripped = text.strip()
    try:
        if "-----BEGIN PUBLIC KEY" in stripped:
            raise KeyProblem(_NOT_PRIVATE)
        if stripped.startswith("{"):
            jwk = import_key(json.loads(stripped))
        else:
            jwk = _jwk(load_pem_private_key(stripped.encode(), None))
        private = jwk.is_private
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise KeyProblem(f"it is neither a PEM nor a JWK private key: {error}") from None
    if not private or not isinstance(jwk, RSAKey | ECKey | OKPKey):
        raise KeyProblem(_NOT_PRIVATE)
    _check(jwk, algorithm)
    return _named(jwk, algorithm)


def _check(jwk: RSAKey | ECKey | OKPKey, algorithm: str) -> None:
    raw = jwk.private_key
    if isinstance(raw, rsa.RSAPrivateKey) and raw.key_size < MIN_RSA_BITS:
        raise KeyProblem(f"it is an RSA key of {raw.key_size} bits, RFC 7518 section 3.3 wants {MIN_RSA_BITS} at least")
    if isinstance(raw, rsa.RSAPrivateKey):
        fits: tuple[str, ...] = ("RS256", "PS256")
    elif isinstance(raw, ec.EllipticCurvePrivateKey) and isinstance(raw.curve, ec.SECP256R1):
        fits = ("ES256",)
    elif isinstance(raw, ed25519.Ed25519PrivateKey):
        fits = ("EdDSA", "Ed25519")
    else:
        raise KeyProblem("it is of a kind that devidp does not sign with: use RSA, P-256 or Ed25519")
    if algorithm not in fits:
        raise KeyProblem(
            f"it is a key for {' or '.join(fits)}, but signing_algorithm is {algorithm}; change one of them"
        )


def _named(jwk: RSAKey | ECKey | OKPKey, algorithm: str, state: State = "active") -> SigningKey:
    return SigningKey(jwk.thumbprint(), algorithm, jwk, state)


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
        fresh = generate(algorithm)
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
        fresh = replace(generate(self._algorithm), hidden=not publish)
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
        fresh = self._imported or generate(self._algorithm)
        with self._exclusively():
            self._write((fresh,))

    def _current(self) -> _Snapshot:
        snapshot = self._snapshot
        if snapshot is not None and snapshot.stamp == self._file_stamp():
            return snapshot
        with self._exclusively():
            keys = self._in_force()
            if _active(keys, self._algorithm) is not None:
                return self._adopt(keys)
            return self._write((generate(self._algorithm), *_demoted(keys, "published", self._algorithm)))

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
            return tuple(_from_file(entry) for entry in json.loads(text)["keys"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeyProblem(
                f"the key file {self._path} is damaged ({error}); move it away to have a new key generated"
            ) from error

    def _write(self, keys: tuple[SigningKey, ...]) -> _Snapshot:
        if self._path is not None:
            files.write_private(self._path, json.dumps({"keys": [_to_file(key) for key in keys]}, indent=1))
        return self._adopt(keys)

    def _adopt(self, keys: tuple[SigningKey, ...]) -> _Snapshot:
        public = tuple(key for key in keys if key.state != "retired")
        self._snapshot = _Snapshot(
            keys=keys,
            active=next(key for key in keys if key.state == "active" and key.algorithm == self._algorithm),
            public=public,
            key_set=KeySet([_with_kid(key) for key in public]),
            document=json.dumps({"keys": [key.public_jwk() for key in public if not key.hidden]}).encode(),
            stamp=self._file_stamp(),
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


def _with_kid(key: SigningKey) -> RSAKey | ECKey | OKPKey:
    key.jwk.ensure_kid()
    return key.jwk


def _to_file(key: SigningKey) -> dict[str, Any]:
    raw = key.jwk.private_key
    if raw is None:
        raise KeyProblem(f"the key {key.kid} has no private part")
    pem = raw.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {"kid": key.kid, "alg": key.algorithm, "state": key.state, "hidden": key.hidden, "pem": pem.decode()}


def _from_file(entry: dict[str, Any]) -> SigningKey:
    # our own file: checking the primes again costs 30 ms a key
    raw = load_pem_private_key(entry["pem"].encode(), None, unsafe_skip_rsa_key_validation=True)
    return replace(_named(_jwk(raw), entry["alg"], entry["state"]), hidden=entry.get("hidden", False))


def _jwk(raw: object) -> RSAKey | ECKey | OKPKey:
    if isinstance(raw, rsa.RSAPrivateKey):
        return RSAKey.import_key(raw)
    if isinstance(raw, ec.EllipticCurvePrivateKey):
        return ECKey.import_key(raw)
    if isinstance(raw, ed25519.Ed25519PrivateKey):
        return OKPKey.import_key(raw)
    raise KeyProblem("the file holds a key of an unknown kind")

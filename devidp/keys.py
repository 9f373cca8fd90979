"""Signing keys: one ring an issuer, made once for a data folder, and the JWK Set that is published.

Owns key material and its files. A ring file holds PEM texts beside the state of each key; its mode is 0600, that of
its folder 0700, and it is replaced as a whole. The ``kid`` is the RFC 7638 thumbprint, so the same key has the same
name everywhere.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
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

    def public_jwk(self) -> dict[str, Any]:
        """The member of the JWK Set: never a private parameter (RFC 7517 section 4)."""
        return {**self.jwk.as_dict(private=False), "use": "sig", "alg": self.algorithm, "kid": self.kid}


def generate(algorithm: str) -> SigningKey:
    """A new key for ``algorithm``: RSA of 2048 bits, P-256, or Ed25519."""
    if algorithm == "ES256":
        return _named(ECKey.generate_key("P-256", auto_kid=False), algorithm)
    if algorithm == "EdDSA":
        return _named(OKPKey.generate_key("Ed25519", auto_kid=False), algorithm)
    return _named(RSAKey.generate_key(MIN_RSA_BITS, auto_kid=False), algorithm)


def parse(text: str, algorithm: str) -> SigningKey:
    """A key from the text of a PEM or JWK; raises KeyProblem where it does not fit ``algorithm``."""
    try:
        stripped = text.strip()
        jwk = import_key(json.loads(stripped)) if stripped.startswith("{") else import_key(stripped)
        private = jwk.is_private
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise KeyProblem(f"it is neither a PEM nor a JWK private key: {error}") from None
    if not private or not isinstance(jwk, RSAKey | ECKey | OKPKey):
        raise KeyProblem("it is not a private key; devidp needs one to sign")
    _check(jwk, algorithm)
    return _named(jwk, algorithm)


def _check(jwk: RSAKey | ECKey | OKPKey, algorithm: str) -> None:
    raw = jwk.private_key
    if isinstance(raw, rsa.RSAPrivateKey) and raw.key_size < MIN_RSA_BITS:
        raise KeyProblem(f"it is an RSA key of {raw.key_size} bits, RFC 7518 section 3.3 wants {MIN_RSA_BITS} at least")
    if isinstance(raw, rsa.RSAPrivateKey):
        fits = "RS256"
    elif isinstance(raw, ec.EllipticCurvePrivateKey) and isinstance(raw.curve, ec.SECP256R1):
        fits = "ES256"
    elif isinstance(raw, ed25519.Ed25519PrivateKey):
        fits = "EdDSA"
    else:
        raise KeyProblem("it is of a kind that devidp does not sign with: use RSA, P-256 or Ed25519")
    if fits != algorithm:
        raise KeyProblem(f"it is a key for {fits}, but signing_algorithm is {algorithm}; change one of them")


def _named(jwk: RSAKey | ECKey | OKPKey, algorithm: str, state: State = "active") -> SigningKey:
    return SigningKey(jwk.thumbprint(), algorithm, jwk, state)


class KeyRing:
    """The keys of one issuer. With a ``folder`` they last, and every worker has the same ones.

    The first use loads or makes them, so that starting devidp does not wait for a key of an issuer nobody asks.
    """

    def __init__(self, name: str, algorithm: str, folder: Path | None, imported: SigningKey | None = None) -> None:
        self._path = None if folder is None else folder / f"{name}.json"
        self._algorithm = algorithm
        self._imported = imported
        self._lock = threading.Lock()
        self._keys: tuple[SigningKey, ...] = ()
        self._active: SigningKey | None = None
        self._stamp: tuple[int, int] | None = None
        self._document: bytes | None = None

    @property
    def active(self) -> SigningKey:
        """The key that signs."""
        self._refresh()
        if self._active is None:
            raise KeyProblem("no key of this issuer is active")
        return self._active

    def public_keys(self) -> tuple[SigningKey, ...]:
        """The keys that verifiers may rely on."""
        self._refresh()
        return tuple(key for key in self._keys if key.state != "retired")

    def key_set(self) -> KeySet:
        """The published keys, for verifying."""
        return KeySet([_with_kid(key) for key in self.public_keys()])

    def document(self) -> bytes:
        """The JWK Set as published (RFC 7517 section 5); the same bytes until the ring changes."""
        self._refresh()
        if self._document is None:
            self._document = json.dumps({"keys": [key.public_jwk() for key in self.public_keys()]}).encode()
        return self._document

    def rotate(self, *, overlap: bool = True) -> SigningKey:
        """Sign with a new key from now on; the old one stays published where ``overlap`` is true."""
        fresh = generate(self._algorithm)
        with self._exclusively():
            after: State = "published" if overlap else "retired"
            old = tuple(replace(key, state=after) if key.state == "active" else key for key in self._read())
            self._write((fresh, *old))
        return fresh

    def _refresh(self) -> None:
        stamp = self._file_stamp()
        if self._keys and stamp == self._stamp:
            return
        with self._exclusively():
            keys = self._read()
            if self._imported is not None:
                self._adopt(self._with_imported(keys, self._imported))
            elif keys and any(key.state == "active" and key.algorithm == self._algorithm for key in keys):
                self._adopt(keys)
            else:
                self._write((generate(self._algorithm), *(replace(k, state="published") for k in keys)))

    def _with_imported(self, keys: Sequence[SigningKey], imported: SigningKey) -> tuple[SigningKey, ...]:
        if any(key.kid == imported.kid for key in self._keys):
            return self._keys
        return (imported, *(replace(key, state="published") for key in keys if key.kid != imported.kid))

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
            return self._keys
        text = files.read_private(self._path)
        if text is None:
            return ()
        try:
            return tuple(_from_file(entry) for entry in json.loads(text)["keys"])
        except (ValueError, KeyError, TypeError) as error:
            raise KeyProblem(
                f"the key file {self._path} is damaged ({error}); move it away to have a new key generated"
            ) from error

    def _write(self, keys: tuple[SigningKey, ...]) -> None:
        if self._path is not None:
            files.write_private(self._path, json.dumps({"keys": [_to_file(key) for key in keys]}, indent=1))
        self._adopt(keys)

    def _adopt(self, keys: tuple[SigningKey, ...]) -> None:
        self._keys, self._document, self._stamp = keys, None, self._file_stamp()
        self._active = next((key for key in keys if key.state == "active"), None)


def _with_kid(key: SigningKey) -> RSAKey | ECKey | OKPKey:
    key.jwk.ensure_kid()
    return key.jwk


def _to_file(key: SigningKey) -> dict[str, str]:
    raw = key.jwk.private_key
    if raw is None:
        raise KeyProblem(f"the key {key.kid} has no private part")
    pem = raw.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {"kid": key.kid, "alg": key.algorithm, "state": key.state, "pem": pem.decode()}


def _from_file(entry: dict[str, Any]) -> SigningKey:
    # our own file: checking the primes again costs 30 ms a key
    raw = load_pem_private_key(entry["pem"].encode(), None, unsafe_skip_rsa_key_validation=True)
    if isinstance(raw, rsa.RSAPrivateKey):
        return _named(RSAKey.import_key(raw), entry["alg"], entry["state"])
    if isinstance(raw, ec.EllipticCurvePrivateKey):
        return _named(ECKey.import_key(raw), entry["alg"], entry["state"])
    if isinstance(raw, ed25519.Ed25519PrivateKey):
        return _named(OKPKey.import_key(raw), entry["alg"], entry["state"])
    raise KeyProblem(f"the key {entry['kid']} is of an unknown kind")

"""The public keys of clients (RFC 7517): what is wrong with a set, and which keys may have signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

MAX_KEYS = 50

Key: TypeAlias = "RSAKey | ECKey | OKPKey | OctKey"

_KINDS: dict[str, tuple[str, str | None]] = {
    "RS256": ("RSA", None), "RS384": ("RSA", None), "RS512": ("RSA", None),
    "PS256": ("RSA", None), "PS384": ("RSA", None), "PS512": ("RSA", None),
    "ES256": ("EC", "P-256"), "ES384": ("EC", "P-384"), "ES512": ("EC", "P-521"),
    "EdDSA": ("OKP", "Ed25519"), "Ed25519": ("OKP", "Ed25519"),
}  # fmt: skip
"""The kind of key, and its curve, that each algorithm takes (RFC 7518 section 3.1, RFC 8037, RFC 9864)."""


def problem(value: object) -> str | None:
    """Why ``value`` is not a set of public keys, or ``None`` where it is one."""
    try:
        read(value)
    except ValueError as error:
        return str(error)
    return None


def read(value: object) -> KeySet:
    """The keys of an untrusted set; raises ValueError where it is not one of public keys."""
    keys = value.get("keys") if isinstance(value, Mapping) else None
    if not isinstance(keys, list) or not all(isinstance(key, Mapping) for key in keys):
        raise ValueError("it has no list 'keys' of JWKs")
    if not keys or len(keys) > MAX_KEYS:
        raise ValueError(f"it has {len(keys)} keys, expected 1 to {MAX_KEYS}")
    if any("d" in key or "k" in key for key in keys):
        raise ValueError("it holds a private key: hand over the public part only")
    return parse(value)


def parse(value: Any) -> KeySet:
    """The keys of a set; those of a kind that is not known are left out (RFC 7517 section 5). Raises ValueError."""
    # joserfc, with cryptography, is an eighth of a start, and few seeds hold keys
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    try:
        return KeySet.import_key_set({"keys": [dict(key) for key in value["keys"]]})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ValueError(f"one of its keys cannot be read: {error}") from error


def candidates(keys: KeySet, algorithm: str, kid: object) -> list[Key]:
    """The keys that may have made a signature with this ``alg`` and ``kid``; without a ``kid``, every fitting one."""
    kind, curve = _KINDS.get(algorithm, ("", None))
    return [
        key
        for key in keys
        if key.key_type == kind
        and (curve is None or key.get("crv") == curve)
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) in (algorithm, *_SAME.get(algorithm, ()))
        and (kid is None or key.get("kid") == kid)
    ]


_SAME = {"EdDSA": ("Ed25519",), "Ed25519": ("EdDSA",)}
"""Two names of one algorithm (RFC 9864 section 2.2)."""

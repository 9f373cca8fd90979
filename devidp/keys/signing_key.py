"""What a signing key is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, OKPKey, RSAKey

Jwk: TypeAlias = "RSAKey | ECKey | OKPKey"
State = Literal["active", "published", "retired"]


class KeyProblem(Exception):
    """A key cannot be used; the message says why and what to change."""


class SigningKey(NamedTuple):
    """A private key with its name and state.

    ``active`` signs; ``published`` is in the JWK Set without signing: it is the next or the one before;
    ``retired`` is neither.
    """

    kid: str
    algorithm: str
    jwk: Jwk
    state: State = "active"
    hidden: bool = False
    """Left out of the JWK Set whatever its state is, as by an issuer that publishes too late."""
    created_at: int | None = None
    """In seconds since the epoch, by devidp's clock; ``None``: nobody knows, as of a key of the seed."""

    @property
    def rsa_bits(self) -> int | None:
        """The size of an RSA key; ``None`` for others."""
        if self.jwk.key_type != "RSA":
            return None
        private: Any = self.jwk.private_key
        bits: int = private.key_size
        return bits

    def has_size(self, bits: int | None) -> bool:
        """Whether it has the size of RSA keys that is wanted; ``None``: any."""
        return bits is None or self.rsa_bits in (None, bits)

    def public_jwk(self) -> dict[str, Any]:
        """The member of the JWK Set: never a private parameter (RFC 7517 section 4)."""
        return {**self.jwk.as_dict(private=False), "use": "sig", "alg": self.algorithm, "kid": self.kid}

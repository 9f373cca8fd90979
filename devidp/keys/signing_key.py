"""What a signing key is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, OKPKey, RSAKey

Jwk: TypeAlias = "RSAKey | ECKey | OKPKey"
State = Literal["active", "published", "retired"]


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
    jwk: Jwk
    state: State = "active"
    hidden: bool = False
    """Left out of the JWK Set whatever its state is, as by an issuer that publishes too late."""

    def public_jwk(self) -> dict[str, Any]:
        """The member of the JWK Set: never a private parameter (RFC 7517 section 4)."""
        return {**self.jwk.as_dict(private=False), "use": "sig", "alg": self.algorithm, "kid": self.kid}

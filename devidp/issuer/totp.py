"""The authenticator of a user, simulated: time-based one-time passwords (RFC 6238).

The secret follows from the user name, so that it is the same wherever the seed is served.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from devidp.models import User

DIGITS = 6
STEP = 30
"""Seconds for which a code is shown."""
SECRET_BYTES = 20


def secret(user: User) -> str:
    """In Base32, as authenticators take it."""
    return b32encode(_key(user)).decode()


def uri(user: User, issuer: str) -> str:
    """What an authenticator reads from a QR code."""
    return _totp(user).get_provisioning_uri(user.username, issuer)


def code(user: User, at: float) -> str:
    """What the authenticator of ``user`` shows at ``at``, in seconds since the epoch."""
    return _totp(user).generate(int(at)).decode()


def accepts(user: User, typed: str, at: float) -> bool:
    """Whether ``typed`` is the code of now, or the one before: it takes a while to type (RFC 6238 section 5.2)."""
    digits = "".join(typed.split()).encode()
    return any(hmac.compare_digest(code(user, max(at - late, 0)).encode(), digits) for late in (0, STEP))


def _totp(user: User) -> TOTP:
    return TOTP(_key(user), DIGITS, SHA1(), STEP)  # noqa: S303 - what authenticators compute


def _key(user: User) -> bytes:
    return sha256(f"devidp totp {user.username}".encode()).digest()[:SECRET_BYTES]

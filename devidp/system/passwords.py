"""Passwords: told apart in constant time, and kept as scrypt hashes (RFC 7914) where they outlive the seed."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import scrypt

from devidp.models import User

COST, BLOCK, PARALLEL = 2**15, 8, 1
"""About 60 ms and 32 MB for each attempt."""
SALT_BYTES = 16


def kept(user: User) -> User:
    """``user`` as a database may hold one: with the hash of the password in its place."""
    if user.password is None:
        return user
    return replace(user, password=None, password_hash=hashed(user.password))


def hashed(password: str) -> str:
    """``scrypt:N:r:p$salt$hash`` with a salt of its own; salt and hash in Base64."""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = _derived(password, salt, COST, BLOCK, PARALLEL)
    return f"scrypt:{COST}:{BLOCK}:{PARALLEL}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def is_of(user: User, given: str) -> bool:
    """Whether ``given`` is the password of ``user``, who has one; takes its time where it is kept as a hash."""
    if user.password is not None:
        return hmac.compare_digest(user.password.encode(), given.encode())
    assert user.password_hash is not None
    method, salt, digest = user.password_hash.split("$")
    cost, block, parallel = (int(number) for number in method.split(":")[1:])
    return hmac.compare_digest(_derived(given, b64decode(salt), cost, block, parallel), b64decode(digest))


def _derived(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    # OpenSSL's own limit lies just below what these parameters need
    memory = 2 * 128 * cost * block * parallel
    return scrypt(password.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=memory)

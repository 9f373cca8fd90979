"""Passwords: compared in constant time, and hashed (scrypt, RFC 7914) where they outlive the seed."""

from __future__ import annotations

import hmac
from dataclasses import replace

from werkzeug.security import check_password_hash, generate_password_hash

from devidp.models import User


def with_hash(user: User) -> User:
    """``user`` as a database may hold one: with the hash of the password in its place."""
    if user.password is None:
        return user
    return replace(user, password=None, password_hash=generate_password_hash(user.password))


def matches(user: User, password: str) -> bool:
    """Whether ``password`` is that of ``user``, who has one; takes 60 ms and 32 MB where only its hash is known."""
    if user.password is not None:
        return hmac.compare_digest(user.password.encode(), password.encode())
    assert user.password_hash is not None
    return check_password_hash(user.password_hash, password)

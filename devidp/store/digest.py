"""What is stored in place of a secret."""

from hashlib import sha256


def digest(secret: str) -> str:
    """Of a code or token: these have 256 random bits, so one round of SHA-256 is enough."""
    return sha256(secret.encode()).hexdigest()

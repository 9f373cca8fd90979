"""What a login raises that gave no tokens."""

from __future__ import annotations


class LoginFailed(Exception):
    """The flow ended without tokens. ``error`` is the OAuth code where there was one, ``description`` the rest."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}" if error else description)
        self.error = error
        self.description = description

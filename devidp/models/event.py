"""The record of a request."""

from __future__ import annotations

from typing import NamedTuple


class Event(NamedTuple):
    """One request and its outcome. Holds no token, code or secret."""

    endpoint: str
    issuer: str
    status: int
    at: float
    client: str = ""
    user: str = ""
    grant: str = ""
    scope: str = ""
    detail: str = ""
    outcome: str = ""
    error: str = ""
    reason: str = ""
    remedy: str = ""
    section: str = ""
    flow: str = ""
    """The same for every request of one authorization: from the login page over the code to the last refresh."""

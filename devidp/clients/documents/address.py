"""Which URLs can be client ids."""

from __future__ import annotations

from devidp.oauth import redirect_uri

MAX_LENGTH = 2000


def is_url(client_id: str) -> bool:
    """Whether ``client_id`` is meant as the URL of a document."""
    return client_id.startswith(("https://", "http://"))


def problem(client_id: str, *, private: bool) -> str | None:
    """Why ``client_id`` cannot be the URL of a document; ``private``: plain http on this machine will do."""
    if len(client_id) > MAX_LENGTH:
        return f"it has {len(client_id)} characters, at most {MAX_LENGTH} are taken"
    # no fragment, no credentials, no character that means something else elsewhere
    if why := redirect_uri.problem(client_id):
        return why
    parts = redirect_uri.split(client_id)
    assert parts is not None
    if parts.scheme != "https" and not (private and redirect_uri.is_loopback(client_id)):
        return "it is not https"
    if parts.path in ("", "/"):
        return "it has no path"
    if any(segment.lower().replace("%2e", ".") in (".", "..") for segment in parts.path.split("/")):
        return "its path holds a segment '.' or '..'"
    return None

"""Where the metadata of a URL with a path may be: its well-known name comes before that path, or after it."""

from __future__ import annotations

from urllib.parse import urlsplit


def before_path(name: str, url: str) -> str:
    """As OAuth has it (RFC 8414 section 3.1, RFC 9728 section 3.1)."""
    parts = urlsplit(url)
    return parts._replace(path=f"/.well-known/{name}{parts.path.rstrip('/')}", query="", fragment="").geturl()


def after_path(name: str, url: str) -> str:
    """As OpenID Connect has it (Discovery section 4)."""
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/.well-known/{name}", query="", fragment="").geturl()

"""Base URLs that people configure, in one form."""

from __future__ import annotations

from urllib.parse import urlsplit


def base_url(text: str) -> str:
    """The URL without a trailing slash, scheme and host in lower case. Raises ValueError with what to change."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https"):
        raise ValueError(
            f"{text!r} does not begin with http:// or https://. Did you mean 'http://{text.split('://')[-1]}'?"
        )
    if not parts.hostname or any(character.isspace() for character in text):
        raise ValueError(f"{text!r} names no host. Expected for instance 'https://idp.example.test'.")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{parts.scheme}://…@{parts.hostname} carries credentials. Leave them out.")
    if "?" in text or "#" in text:
        raise ValueError(f"{text!r} has a query or a fragment. Leave out all from '?' or '#' on.")
    if parts.port == 0:
        raise ValueError(f"{text!r} has port 0, which no client can reach. Name the port, or leave it out.")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"

"""Web addresses in one form, as every URL library writes them: clients compare them as strings."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
_SEGMENT = re.compile(r"(?!(?:\.|%2[eE]){1,2}\Z)(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+")
"""A part of a path that every URL library leaves as it is (RFC 3986 section 3.3 and 5.2.4)."""


def normal_url(text: str) -> str:
    """The URL with scheme and host in lower case and without the default port (RFC 3986 sections 6.2.2.1 and 6.2.3).

    Raises ValueError with what to change.
    """
    parts = _split(text)
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError(
            f"{text!r} does not begin with http:// or https://. Did you mean 'http://{text.split('://')[-1]}'?"
        )
    if not text.isprintable() or any(character.isspace() for character in text):
        raise ValueError(f"{text!r} holds a space or another character that is not printed. Leave it out.")
    if not parts.hostname:
        raise ValueError(f"{text!r} names no host. Expected for instance 'https://idp.example.test'.")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{parts.scheme}://…@{parts.hostname} carries credentials. Leave them out.")
    if parts.port == 0:
        raise ValueError(f"{text!r} has port 0, which no client can reach. Name the port, or leave it out.")
    return parts._replace(netloc=_authority(parts.scheme, ascii_host(parts.hostname), parts.port)).geturl()


def base_url(text: str) -> str:
    """The ``normal_url`` without a trailing slash, to append paths to. Raises ValueError with what to change."""
    url = normal_url(text)
    if "?" in text or "#" in text:
        raise ValueError(f"{text!r} has a query or a fragment. Leave out all from '?' or '#' on.")
    return url.rstrip("/")


def public_base(text: str) -> str:
    """The ``base_url`` of issuers. Raises ValueError where its path is one that clients would write in another way."""
    url = base_url(text)
    path = urlsplit(url).path
    if all(map(_SEGMENT.fullmatch, path.split("/")[1:])):
        return url
    form = "" if path.isascii() else f", so write {quote(path, safe='/%')!r}"
    raise ValueError(
        f"{text!r} has the path {path!r}, which clients write in another way. Expected segments of A-Z a-z 0-9 - . _ ~ "
        f"and %XX, none of them empty, '.' or '..'{form}."
    )


def ascii_host(name: str) -> str:
    """The name of a host; raises ValueError where it is not in the form that requests carry (RFC 5891)."""
    if name.isascii():
        return name
    try:
        form = f", expected {name.encode('idna').decode()!r}: write it like this"
    except UnicodeError:
        form = ""
    raise ValueError(f"the host {name!r} has letters that no Host header can carry{form}.")


def port_of(url: str) -> int:
    """The port of a base URL, the default one of its scheme where it names none."""
    parts = urlsplit(url)
    return parts.port or DEFAULT_PORTS[parts.scheme]


def url_of(scheme: str, host: str, port: int) -> str:
    """The base URL of a server."""
    return base_url(f"{scheme}://{_authority(scheme, host, port)}")


def is_at(url: str, authority: str) -> bool:
    """Whether ``authority``, as in a Host header, is the host and port of ``url``."""
    try:
        parts = urlsplit(normal_url(url))
        return urlsplit(normal_url(f"{parts.scheme}://{authority}")).netloc == parts.netloc
    except ValueError:
        return False


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"{text!r} is no URL: {error}.") from None
    return parts


def _authority(scheme: str, host: str, port: int | None) -> str:
    name = f"[{_shortest(host)}]" if ":" in host else host
    return name if port in (None, DEFAULT_PORTS[scheme]) else f"{name}:{port}"


def _shortest(address: str) -> str:
    """An IPv6 address in its canonical form (RFC 5952 section 4)."""
    try:
        return ip_address(address).compressed
    except ValueError:
        return address

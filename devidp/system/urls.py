"""Web addresses in one form, as every URL library writes them: clients compare them as strings."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


def normal_url(text: str) -> str:
    """The URL with scheme and host in lower case and without the default port (RFC 3986 sections 6.2.2.1 and 6.2.3).

    Raises ValueError with what to change.
    """
    parts = _split(text)
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError(
            f"{text!r} does not begin with http:// or https://. Did you mean 'http://{text.split('://')[-1]}'?"
        )
    if not parts.hostname or not text.isprintable() or any(character.isspace() for character in text):
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
    name = f"[{host}]" if ":" in host else host
    return name if port in (None, DEFAULT_PORTS[scheme]) else f"{name}:{port}"

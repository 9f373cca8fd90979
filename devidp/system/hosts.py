"""The names by which devidp may be called.

A page elsewhere can point its own name at this machine (DNS rebinding) and call devidp as its own server: the browser
lets it read every response. Such a request names a foreign host. An IP literal cannot be rebound, so it is accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from devidp.models.config import Config
from devidp.oauth.errors import InvalidRequest, MisdirectedRequest, quoted
from devidp.system.urls import ascii_host

THIS_MACHINE = ("localhost", "host.docker.internal", "host.containers.internal")
"""Names of this machine by convention; the last two are those of container engines."""
ANY = "*"
_NAME = re.compile(r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_-][A-Za-z0-9._-]*")
# what else RFC 3986 has in a name, and what it does not have, ends the host of an issuer that follows it: a?b.localhost
_AUTHORITY = re.compile(rf"(?P<name>{_NAME.pattern})(:[0-9]{{0,5}})?")


def host_name(text: str) -> str:
    """A name that a Host header can have, or ``*`` for any; raises ValueError with what to change."""
    if text != ANY and not _NAME.fullmatch(ascii_host(text)):
        raise ValueError(f"{text!r} is no name of a host. Expected one such as 'idp.example', without scheme or port.")
    return text


def near(host: str) -> str:
    """The address at which this machine reaches a server that listens on ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104


class Hosts:
    """Which ``Host`` headers are meant for this devidp."""

    def __init__(self, config: Config, own: Iterable[str] = ()) -> None:
        """``own`` are those of the issuers."""
        urls = [url for url in (config.public_url, config.backchannel_url) if url]
        named = [urlsplit(url).hostname or "" for url in urls]
        self.names = frozenset(_folded(name) for name in (*THIS_MACHINE, *named, *config.allowed_hosts, *own) if name)
        self.beyond_loopback = config.beyond_loopback

    def check(self, authority: str | None) -> None:
        """Raise MisdirectedRequest where ``authority``, the Host header, names another server than this one."""
        if authority is None or not self._knows(authority):
            raise self._refusal(authority)

    def name(self, authority: str | None) -> str:
        """The name in ``authority`` as it is compared; empty where there is none."""
        matched = _AUTHORITY.fullmatch(authority or "")
        return _folded(matched["name"]).strip("[]") if matched else ""

    def _knows(self, authority: str) -> bool:
        name = self.name(authority)
        if not name:
            return False
        if name in self.names or ANY in self.names or name.endswith(".localhost") or _is_address(name):
            return True
        # a name without a dot belongs to a private network, such as that of a compose file
        return self.beyond_loopback and "." not in name

    def _refusal(self, authority: str | None) -> InvalidRequest | MisdirectedRequest:
        if authority is None or not _AUTHORITY.fullmatch(authority):
            came = "none" if authority is None else quoted(authority)
            return InvalidRequest(
                f"The Host header is {came}, expected the name of this server",
                remedy="Send one Host header",
                section="RFC 9112 section 3.2",
            )
        return MisdirectedRequest(
            f"The Host header names {quoted(authority)}, and devidp answers to: {', '.join(sorted(self.names))}",
            remedy="Call devidp by one of these or by its IP address, or start it with --allowed-host NAME "
            "(DEVIDP_ALLOWED_HOST) if the name is yours; other names are refused because of DNS rebinding",
            got=self.name(authority),
            expected=sorted(self.names),
        )


def _folded(name: str) -> str:
    return name.lower().rstrip(".")


def is_loopback(host: str) -> bool:
    """Whether ``host``, without brackets, is this machine to itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def dashboard_url(config: Config) -> str | None:
    """Where the dashboard is for whoever started devidp; ``None`` where neither a name nor a token lets it in.

    It is open to this machine under a name of its loopback, and elsewhere to whoever has the control token.
    """
    if config.control_token is None and not is_loopback(urlsplit(config.public_url).hostname or ""):
        return None
    return f"{config.public_url}/_devidp/"


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True

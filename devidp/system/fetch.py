"""Documents of other servers, fetched without server-side request forgery.

A URL that a client names may point anywhere, into private networks too. So an address is checked before a connection
is made, the connection goes to the address that was checked (a second look-up could answer differently), redirects
are not followed, and time and size are bounded.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Literal, NamedTuple
from urllib.parse import SplitResult, urlencode

from devidp.oauth.errors import Problem, quoted
from devidp.oauth.redirect_uri import split
from devidp.system.time_limit import TimeLimit

TIMEOUT_SECONDS = 5.0
MAX_BYTES = 64 * 1024
_UNICAST = IPv6Network("2000::/3")
"""All that is given out of IPv6 to be reached from everywhere (IANA); what this Python knows of the rest may be old."""
_DOCUMENTATION = IPv6Network("3fff::/20")
_PROTOCOLS = IPv4Network("192.0.0.0/24")
"""For protocols of the IETF (RFC 6890); older releases of Python know a part of it."""
_NAT64 = IPv6Network("64:ff9b::/96")

Kind = Literal["public", "loopback", "private"]
_Found = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]]
"""One answer of ``getaddrinfo``."""


class FetchError(Problem):
    """No usable response."""


class Reach(NamedTuple):
    """Which addresses may be asked beside public ones over https; ``private`` includes this machine."""

    loopback: bool = False
    private: bool = False

    def allows(self, kind: Kind, scheme: str) -> bool:
        if kind == "public":
            return scheme == "https"
        return self.private or (kind == "loopback" and self.loopback)


class Reply(NamedTuple):
    """What a server answered; the names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def get(url: str, reach: Reach, *, within: float = TIMEOUT_SECONDS) -> Reply:
    """GET the JSON at ``url``; raises FetchError where it may not be asked, or does not answer in time and size."""
    return ask("GET", url, reach, b"", {"Accept": "application/json"}, within)


def post_form(url: str, fields: Mapping[str, str], reach: Reach, *, within: float = TIMEOUT_SECONDS) -> Reply:
    """POST ``fields`` to ``url`` as a form; raises FetchError as ``get`` does."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return ask("POST", url, reach, urlencode(fields).encode(), headers, within)


def ask(
    method: str, url: str, reach: Reach, body: bytes, headers: Mapping[str, str], within: float = TIMEOUT_SECONDS
) -> Reply:
    """Any other request; raises FetchError as ``get`` does."""
    parts = _web_address(url)
    limit = TimeLimit(within)
    connected = _connect(parts, reach, limit)
    reply, problem = None, "it does not answer completely"
    try:
        with limit.enforced(connected) as expired:
            try:
                reply = _converse(method, parts, _secure(connected, parts), body, headers)
            except (OSError, ValueError, http.client.HTTPException) as error:
                problem = _words(error)
    finally:
        connected.close()
    if expired.is_set():
        # an answer without a length looks whole when the connection is cut
        reply, problem = None, limit.exceeded()
    if reply is None:
        raise FetchError(f"{quoted(url)} cannot be fetched: {problem}", "Look at that server, or correct the URL")
    return reply


def _web_address(url: str) -> SplitResult:
    parts = split(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or not url.isascii():
        raise FetchError(f"{quoted(url)} is not a web address", "Use an https URL")
    if parts.username is not None or parts.password is not None or any(char <= " " for char in url):
        raise FetchError(f"{quoted(url)} holds a user name, a password or a space", "Use an https URL without these")
    return parts


def _connect(parts: SplitResult, reach: Reach, limit: TimeLimit) -> socket.socket:
    """A connection to the first allowed address of the host that takes one."""
    problem: OSError | None = None
    for family, address in _addresses(parts, reach, limit):
        remaining = limit.remaining()
        if remaining == 0:
            break
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(remaining)
        try:
            connection.connect(address)
        except OSError as error:
            problem = error
            connection.close()
            continue
        connection.settimeout(None)
        return connection
    why = limit.exceeded() if problem is None else _words(problem)
    raise FetchError(f"{quoted(parts.geturl())} cannot be fetched: {why}", "Start that server, or correct the URL")


def _addresses(
    parts: SplitResult, reach: Reach, limit: TimeLimit
) -> Sequence[tuple[socket.AddressFamily, tuple[str, int]]]:
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = _resolve(host, port).result(limit.remaining())
    except TimeoutError:
        raise FetchError(
            f"{quoted(parts.geturl())} cannot be fetched: {limit.exceeded()}, because its host name was not resolved",
            "Look at the name service of this machine, or correct the URL",
        ) from None
    except (OSError, UnicodeError) as error:
        raise FetchError(f"the host {quoted(host)} cannot be found: {error}", "Correct the URL") from None
    known = [(family, str(address[0]), kind_of(str(address[0]))) for family, _, _, _, address in found]
    allowed = [(family, (text, port)) for family, text, kind in known if reach.allows(kind, parts.scheme)]
    if not allowed:
        raise _unreachable(parts, {text: kind for _, text, kind in known})
    return allowed


def _resolve(host: str, port: int) -> Future[Sequence[_Found]]:
    """What the resolver answers. It has no deadline, so it runs in a thread that can be abandoned."""
    future: Future[Sequence[_Found]] = Future()

    def resolve() -> None:
        try:
            future.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001 - whoever waits for the future raises it
            future.set_exception(error)

    threading.Thread(target=resolve, name="devidp-resolver", daemon=True).start()
    return future


def _unreachable(parts: SplitResult, known: Mapping[str, Kind]) -> FetchError:
    where = ", ".join(f"{text} ({kind})" for text, kind in known.items())
    if "public" in known.values():
        return FetchError(f"{quoted(parts.geturl())} is plain http to {where}", "Use https")
    return FetchError(
        f"{quoted(parts.geturl())} leads to {where}, which this issuer does not ask",
        "Set 'fetch: {private_addresses: true}' for the issuer in the seed if that server is yours",
    )


def _secure(connection: socket.socket, parts: SplitResult) -> socket.socket:
    if parts.scheme == "http":
        return connection
    return ssl.create_default_context().wrap_socket(connection, server_hostname=parts.hostname)


def _converse(
    method: str, parts: SplitResult, connection: socket.socket, body: bytes, headers: Mapping[str, str]
) -> Reply:
    # a connection that is open already is used as it is: no second look-up
    speaker = http.client.HTTPConnection(parts.hostname or "", parts.port)
    speaker.sock = connection
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    try:
        speaker.request(method, target, body or None, {"Host": parts.netloc, "Connection": "close", **headers})
        with speaker.getresponse() as answer:
            content = answer.read(MAX_BYTES + 1)
    finally:
        speaker.close()
    if len(content) > MAX_BYTES:
        raise ValueError(f"the answer has more than {MAX_BYTES} bytes")
    return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def kind_of(text: str) -> Kind:
    """What the IP address ``text`` is to the outside; an IPv4 address inside an IPv6 one counts as itself."""
    address = _innermost(ip_address(text))
    if address.is_loopback:
        return "loopback"
    return "public" if _is_public(address) else "private"


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and (address not in _UNICAST or address in _DOCUMENTATION):
        return False
    return address.is_global and not address.is_multicast and address not in _PROTOCOLS


def _innermost(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address

"""Where devidp listens, and the URL under which clients know it."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from typing import Any

from devidp.server.health import ask_health
from devidp.system.hosts import near
from devidp.system.urls import ascii_host, url_of

BACKLOG = 1024
PORTS = range(65536)
if sys.platform == "win32":
    # there SO_REUSEADDR would let others take the port while devidp has it
    _ALONE = socket.SO_EXCLUSIVEADDRUSE
else:
    _ALONE = socket.SO_REUSEADDR
ADDRESSES = "Use 127.0.0.1 to serve this machine alone, 0.0.0.0 to serve all that reach it."


class AddressError(Exception):
    """An address that cannot be used, and what to do about it."""


def listen(host: str, port: int, workers: int = 1) -> tuple[socket.socket, ...]:
    """Listen on the port alone, with a socket for each worker or one for all. Raises AddressError.

    The first socket has no SO_REUSEPORT: a second devidp on the port has to fail, not to share the requests. Linux
    deals connections out to sockets that share a port; those of one socket all go to the worker that is quickest.
    """
    if port not in PORTS:
        raise AddressError(
            f"port: got {port!r}, expected a number from 0 to {PORTS[-1]}; 0 lets devidp find a free one."
        )
    family, address = _resolve(host, port)
    try:
        alone = _bound(family, address)
        if workers == 1 or sys.platform != "linux":
            return (alone,)
        taken = alone.getsockname()
        alone.close()
        return tuple(_bound(family, taken, shared=True) for _ in range(workers))
    except OSError as error:
        raise AddressError(_explain(error, host, port)) from error


def _bound(family: int, address: tuple[Any, ...], *, shared: bool = False) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, _ALONE, 1)
        if shared:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def _resolve(host: str, port: int) -> tuple[int, tuple[str, int]]:
    try:
        ascii_host(host)
    except ValueError as error:
        raise AddressError(f"--host: {error}") from None
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise AddressError(f"--host {host}: no such host. {ADDRESSES}") from error
    # IPv4 first: "localhost" is to mean 127.0.0.1, where most clients look.
    family, _, _, _, address = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    return family, (str(address[0]), port)


def _explain(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} on {host} is taken by {_holder(host, port)}. "
            f"Stop it, choose another port (--port {port + 1 if port < 65535 else 6749}), "
            "or let devidp find a free one (--port 0)."
        )
    if sys.platform == "win32" and error.errno == errno.EACCES:
        return (
            f"port {port} on {host} is held by another program, or Windows keeps it for itself: see 'netsh interface "
            "ipv4 show excludedportrange tcp'. Choose another port, or let devidp find a free one (--port 0)."
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"port {port} is reserved for privileged users. Choose one from 1024 up, for instance --port 6749."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"--host {host} is not an address of this machine. {ADDRESSES}"
    return f"cannot listen on {host}, port {port}: {error.strerror}."


def _holder(host: str, port: int) -> str:
    health = ask_health(local_url(host, port), timeout=1)
    return f"another devidp ({health.detail})" if health.ok else "another program"


def local_url(host: str, port: int, *, tls: bool = False) -> str:
    """Base URL at which this machine reaches a server that listens on the host."""
    return _url(near(host), port, tls)


def default_public_url(host: str, port: int, *, tls: bool = False) -> str:
    """What clients on this machine call it: ``localhost`` for loopback and wildcard addresses."""
    return _url("localhost" if is_loopback(host) or is_wildcard(host) else host, port, tls)


def _url(host: str, port: int, tls: bool) -> str:
    return url_of("https" if tls else "http", host, port)


def is_loopback(host: str) -> bool:
    address = _ip_address(host)
    return host.lower() == "localhost" or (address is not None and address.is_loopback)


def is_wildcard(host: str) -> bool:
    address = _ip_address(host or "0.0.0.0")  # noqa: S104
    return address is not None and address.is_unspecified


def _ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None

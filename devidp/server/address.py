"""Where devidp listens, and the URL under which clients know it."""

from __future__ import annotations

import errno
import ipaddress
import socket

from devidp.server.health import ask_health

ADDRESSES = "Use 127.0.0.1 to serve this machine alone, 0.0.0.0 to serve all that reach it."


class AddressError(Exception):
    """An address that cannot be used, and what to do about it."""


def available(host: str, port: int) -> tuple[str, int]:
    """The address to listen on, with a free port where ``port`` is 0. Raises AddressError where it cannot be had.

    The server shares its port between workers (SO_REUSEPORT), so a second devidp would silently share it too: binding
    once without tells.
    """
    family, address = _resolve(host, port)
    try:
        with socket.socket(family, socket.SOCK_STREAM) as alone:
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind(address)
            alone.listen()
            found = alone.getsockname()
    except OSError as error:
        raise AddressError(_explain(error, host, port)) from error
    return str(found[0]), int(found[1])


def _resolve(host: str, port: int) -> tuple[int, tuple[str, int]]:
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
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    return f"{_scheme(tls)}://{_in_url(reachable)}:{port}"


def default_public_url(host: str, port: int, *, tls: bool = False) -> str:
    """What clients on this machine call it: ``localhost`` for loopback and wildcard addresses."""
    name = "localhost" if is_loopback(host) or is_wildcard(host) else _in_url(host)
    return f"{_scheme(tls)}://{name}:{port}"


def is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_wildcard(host: str) -> bool:
    try:
        return ipaddress.ip_address(host or "0.0.0.0").is_unspecified  # noqa: S104
    except ValueError:
        return False


def _scheme(tls: bool) -> str:
    return "https" if tls else "http"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host

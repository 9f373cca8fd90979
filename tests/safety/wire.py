"""What goes over a connection, byte by byte: clients that no library would be."""

from __future__ import annotations

import json
import socket
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

FORM = "Content-Type: application/x-www-form-urlencoded"
BASIC = f"Authorization: Basic {b64encode(b'service:service-secret').decode()}"
BODY = "grant_type=client_credentials"
DEADLINE = 120


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: status, header lines in lower case, body."""

    status: int
    headers: str
    body: bytes

    def json(self) -> dict[str, Any]:
        members: dict[str, Any] = json.loads(self.body)
        return members


@dataclass(frozen=True, slots=True)
class Wire:
    """The issuer of a devidp, and connections to it."""

    issuer: str

    def open(self, raw: bytes) -> socket.socket:
        """A connection on which ``raw`` has been sent."""
        parts = urlsplit(self.issuer)
        connection = socket.create_connection(("127.0.0.1", parts.port or 80), timeout=DEADLINE)
        try:
            connection.sendall(raw)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of it was sent; the answer says so
        return connection

    def ask(self, raw: bytes) -> list[Said]:
        """Every answer to ``raw``, the last of which ends the connection."""
        with self.open(raw) as connection:
            return answers(received(connection))

    def request(self, line: str, *headers: str, body: bytes | str = b"") -> list[Said]:
        return self.ask(message(line, *headers, "Connection: close", body=body))


def message(line: str, *headers: str, body: bytes | str = b"") -> bytes:
    """A request; ``headers`` are lines, and no Host is added."""
    head = "".join(f"{each}\r\n" for each in (line, *headers, ""))
    return head.encode("latin-1") + (body.encode() if isinstance(body, str) else body)


def received(connection: socket.socket) -> bytes:
    whole = bytearray()
    try:
        while piece := connection.recv(65536):
            whole += piece
    except ConnectionResetError:
        pass
    return bytes(whole)


def answers(raw: bytes) -> list[Said]:
    found = []
    while raw:
        head, _, rest = raw.partition(b"\r\n\r\n")
        status, _, lines = head.decode("latin-1").lower().partition("\r\n")
        code = int(status.split()[1])
        length = next((int(line[15:]) for line in lines.split("\r\n") if line.startswith("content-length:")), 0)
        if code != 100:
            found.append(Said(code, lines, rest[:length]))
        raw = rest[length if code != 100 else 0 :]
    return found

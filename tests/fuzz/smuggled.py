"""What goes over a connection to a real server, byte by byte: framing, headers and paths that no client would send."""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from random import Random

from tests.cli.running import Running
from tests.fuzz import words
from tests.fuzz.driven import Driven
from tests.safety.wire import BASIC, BODY, DEADLINE, FORM, Said, Wire, answers, message, received

AT_ONCE = 8
IDLE_SECONDS = 0.3
HOST = "Host: localhost"
HIDDEN = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKS = [
    f"{len(BODY):x}\r\n{BODY}\r\n0\r\n\r\n", f"{len(BODY):x};x=y\r\n{BODY}\r\n0\r\n\r\n", "0\r\n\r\n",
    "zz\r\n", "-1\r\n",
    "ffffffffffffffff\r\nx", f"0x{len(BODY):x}\r\n{BODY}\r\n0\r\n\r\n", f"{len(BODY):x}\n{BODY}\n0\n\n",
    "5\r\nabc",
    "0\r\nX-Trailer: a\r\n\r\n",
]  # fmt: skip
FRAMING = [
    f"Content-Length: {len(BODY)}", "Content-Length: 0", "Content-Length: 5", "Content-Length: -1",
    "Content-Length: 29, 5", "Content-Length: 0x1d", "Content-Length: 99999999999999999999", "Content-Length:",
    "Transfer-Encoding: chunked", "Transfer-Encoding: identity", "Transfer-Encoding: xchunked", "TE: trailers",
    "Transfer-Encoding: gzip, chunked", "Transfer-Encoding:\tchunked", "Transfer-Encoding : chunked",
    "Connection: close", "Connection: keep-alive, Transfer-Encoding", "Expect: 100-continue", "Upgrade: h2c",
]  # fmt: skip
LINES = [
    "X-Folded: a\r\n b", "X-Nul: a\0b", "X-Bare: a\rb", "X-Line: a\nX-Injected: 1", ": empty", "No colon", "X" * 70_000,
    "Host: evil.example", "Host: localhost", "Cookie: \xff\xfe", "Cookie: a=b; a=c", "Authorization: Basic \xff",
    "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example", "Origin: null", "Content-Type: \xff",
    "Range: bytes=0-",
    *[f"X-{number}: a" for number in range(3)],
]  # fmt: skip
PATHS = [
    "/default/token", "/default/authorize", "/default/.well-known/jwks.json", "/default/register", "/health", "/", "*",
    "//evil.example/", "/default/../health", "/%2e%2e/", "/default/%00", "/default/token?%ff=\xff", "/\xff",
    "http://evil.example/", "http://localhost/health", "/default/authorize?" + "a=b&" * 300, "/_devidp/api/users",
    "/" + "a" * 70_000, "/default/token#x", "",
]  # fmt: skip
METHODS = [method for method in words.METHODS if method != "HEAD"] + ["POST", "POST", ""]
"""Not HEAD, whose answers announce a body that does not come."""
VERSIONS = ["HTTP/1.1"] * 8 + ["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.10", "http/1.1", ""]
RAW = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\0\xa5\x01\0\0", b"\0" * 1000, b"\r\n" * 100, b"GET /\n\n"]


def drive(count: int, seed: int = 0) -> Driven:
    """``count`` connections to a server of their own, which is alive and of its size at the end."""
    driven, random = Driven(), Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        server = Running(Path(folder), "serve", "--memory", "--port", "0")
        try:
            wire = Wire(server.issuer())
            _all(driven, wire, [_made(random) for _ in range(count // 5)])
            before = {worker.pid: worker.memory_info().rss for worker in server.workers()}
            _all(driven, wire, [_made(random) for _ in range(count - count // 5)])
            after = {worker.pid: worker.memory_info().rss for worker in server.workers()}
            (alive,) = wire.request("GET /health HTTP/1.1", HOST)
            assert alive.status == 200
            if set(before) != set(after):
                driven.defects.append("a worker ended")
            driven.grown = sum(after.values()) - sum(before.values())
            driven.defects += [line for line in server.said() if "Traceback" in line or "A defect of devidp" in line]
        finally:
            server.kill()
    return driven


def _made(pick: Random) -> bytes:
    if pick.random() < 0.05:
        return pick.choice(RAW)
    line = f"{pick.choice(METHODS)} {pick.choice(PATHS)} {pick.choice(VERSIONS)}"
    headers = [HOST] if pick.random() < 0.9 else []
    headers += ["Connection: close"] if pick.random() < 0.9 else []
    headers += [pick.choice([*FRAMING, *LINES]) for _ in range(pick.choice([0, 0, 1, 1, 2, 4]))]
    body = pick.choice([BODY, BODY + HIDDEN, pick.choice(CHUNKS), pick.choice(CHUNKS) + HIDDEN, ""])
    if pick.random() < 0.5:
        line, body = line.partition(" ")[0] + " /default/token HTTP/1.1", BODY
        headers += [BASIC, FORM, f"Content-Length: {len(BODY)}"]
    pick.shuffle(headers)
    raw = bytearray(message(line, *headers, body=body))
    if pick.random() < 0.2:
        raw[pick.randrange(len(raw))] = pick.randrange(256)
    return bytes(raw)


def _all(driven: Driven, wire: Wire, messages: list[bytes]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for raw, (found, problem, took) in zip(messages, pool.map(partial(_ask, wire), messages), strict=True):
            for said in found or [Said(0, "", b"")]:
                driven.add(said.status, took)
            problems = [problem] if problem else [each for said in found for each in _problems(said)]
            if len(found) > 1 and _ambiguous(raw):
                problems.append("what two servers would read differently had a second answer")
            driven.defects += [f"{each}: {raw[:300]!r}" for each in problems]


def _ask(wire: Wire, raw: bytes) -> tuple[list[Said], str, float]:
    """The answers, what went wrong, and the seconds that it took."""
    began = time.perf_counter()
    try:
        with wire.open(raw) as connection:
            found, problem = answers(_received(connection)), ""
    except (TimeoutError, ValueError, IndexError) as error:
        found, problem = [], f"{type(error).__name__} ({error})"
    return found, problem, time.perf_counter() - began


def _received(connection: socket.socket) -> bytes:
    """All that comes; a server that waits for more is told that there is no more."""
    connection.settimeout(IDLE_SECONDS)
    whole = bytearray()
    try:
        while piece := connection.recv(65536):
            whole += piece
        return bytes(whole)
    except TimeoutError:
        connection.settimeout(DEADLINE)
        connection.shutdown(socket.SHUT_WR)
    except ConnectionResetError:
        return bytes(whole)
    return bytes(whole) + received(connection)


def _ambiguous(raw: bytes) -> bool:
    """Whether the body has two lengths (RFC 9112 section 6.3)."""
    head = raw.partition(b"\r\n\r\n")[0].lower()
    lengths = head.count(b"\r\ncontent-length:")
    return lengths > 1 or (lengths == 1 and b"\r\ntransfer-encoding:" in head)


def _problems(said: Said) -> Iterator[str]:
    if said.status >= 500:
        yield f"a server error ({said.status})"
    if "\nx-injected" in said.headers:
        yield "a header was injected"
    if "evil.example" in said.headers.partition("location:")[2].partition("\r\n")[0].partition("?")[0]:
        yield "an open redirect"

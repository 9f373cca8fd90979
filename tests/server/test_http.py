"""HTTP/1.1 as the specification has it, byte by byte, on connections of a real devidp."""

from __future__ import annotations

import json
import select
import socket
from contextlib import ExitStack

import pytest

from devidp.web.runtime import MOST_STREAMS
from tests.safety.wire import BASIC, BODY, FORM, Wire, answers, message, received

HOST = "Host: localhost"
POST = "POST /default/token HTTP/1.1"
LENGTH = f"Content-Length: {len(BODY)}"
HEALTH = "GET /health HTTP/1.1"
DISCOVERY = "GET /default/.well-known/openid-configuration HTTP/1.1"
CLOSE = "Connection: close"
JWKS = "GET /default/.well-known/jwks.json HTTP/1.1"
STREAM = "GET /_devidp/api/events/stream HTTP/1.1"
FAILURES = "POST /_devidp/api/failures HTTP/1.1"
JSON = "Content-Type: application/json"
FLOOD, IN_ADVANCE, STREAMS = 900, 600, 70
MORE_THAN_SOCKETS_HOLD = 64 * 1024 * 1024


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (message(HEALTH, HOST), True),
        (message(HEALTH, HOST, CLOSE), False),
        (message("GET /health HTTP/1.0", HOST), False),
        (message("GET /health HTTP/1.0", HOST, "Connection: keep-alive"), True),
    ],
)
def test_a_connection_is_kept_as_the_client_wishes(wire: Wire, asked: bytes, kept: bool) -> None:
    said = wire.ask(asked + message(HEALTH, HOST, CLOSE))
    assert [each.status for each in said] == ([200, 200] if kept else [200])
    assert ("connection: close" in said[0].headers) is (CLOSE.encode() in asked)


@pytest.mark.parametrize("path", ["/health", "/default/.well-known/jwks.json", "/_devidp/api/events", "/nowhere"])
def test_an_answer_to_head_announces_what_get_would_send_and_sends_nothing(wire: Wire, path: str) -> None:
    (full,) = wire.request(f"GET {path} HTTP/1.1", HOST)
    with wire.open(message(f"HEAD {path} HTTP/1.1", HOST, CLOSE)) as connection:
        head, _, rest = received(connection).partition(b"\r\n\r\n")
    assert rest == b""
    assert f"content-length: {len(full.body)}".encode() in head.lower()


def test_a_client_that_waits_for_a_word_before_it_sends_the_body_gets_it(wire: Wire) -> None:
    """RFC 9110 section 10.1.1."""
    with wire.open(message(POST, HOST, BASIC, FORM, LENGTH, CLOSE, "Expect: 100-continue")) as connection:
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(BODY.encode())
        (said,) = answers(received(connection))
    assert said.status == 200


def test_the_word_comes_also_behind_an_answer_that_takes_its_time(wire: Wire) -> None:
    asked = message(HEALTH, HOST) + message(POST, HOST, BASIC, FORM, LENGTH, CLOSE, "Expect: 100-continue")
    with wire.open(asked) as connection:
        began = b""
        while not began.endswith(b"HTTP/1.1 100 Continue\r\n\r\n"):
            began += connection.recv(1)
        connection.sendall(BODY.encode())
        assert [each.status for each in answers(began + received(connection))] == [200, 200]


def test_a_client_that_could_not_know_the_word_does_not_get_it(wire: Wire) -> None:
    with wire.open(
        message("POST /default/token HTTP/1.0", HOST, BASIC, FORM, LENGTH, "Expect: 100-continue")
    ) as connection:
        wire.request(HEALTH, HOST)  # what came before it has been read when it is answered
        connection.sendall(BODY.encode())
        assert received(connection).startswith(b"HTTP/1.0 200")


def test_chunks_of_a_client_that_could_not_know_them_are_refused(wire: Wire) -> None:
    """RFC 9112 section 6.1."""
    framing = ("Connection: keep-alive", "Transfer-Encoding: chunked")
    body = f"{len(BODY):x}\r\n{BODY}\r\n0\r\n\r\n"
    said = wire.ask(message("POST /default/token HTTP/1.0", HOST, BASIC, FORM, *framing, body=body) * 2)
    assert [each.status for each in said] == [400]


@pytest.mark.parametrize(
    ("framing", "body"), [(LENGTH, BODY), ("Transfer-Encoding: chunked", f"{len(BODY):x}\r\n{BODY}\r\n0\r\n\r\n")]
)
@pytest.mark.parametrize("parts", [1, 3])
def test_an_upgrade_to_another_protocol_is_ignored(wire: Wire, framing: str, body: str, parts: int) -> None:
    """RFC 9110 section 7.8; Java's client offers HTTP/2 with each first request."""
    offer = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAA")
    raw = message(POST, HOST, BASIC, FORM, *offer, framing, body=body) + message(HEALTH, HOST, CLOSE)
    pieces = [raw[len(raw) * each // parts : len(raw) * (each + 1) // parts] for each in range(parts)]
    with wire.open(pieces[0]) as connection:
        for piece in pieces[1:]:
            connection.sendall(piece)
        said = answers(received(connection))
    assert [each.status for each in said] == [200, 200]
    assert said[0].json()["token_type"] == "Bearer"


def test_offers_of_another_protocol_may_follow_each_other(wire: Wire) -> None:
    offer = message(JWKS, HOST, "Connection: Upgrade", "Upgrade: h2c")
    said = wire.ask(offer * IN_ADVANCE + message(HEALTH, HOST, CLOSE))
    assert [each.status for each in said] == [200] * (IN_ADVANCE + 1)


def test_bytes_that_come_one_by_one_are_a_request(wire: Wire) -> None:
    with wire.open(b"") as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in message(POST, HOST, BASIC, FORM, LENGTH, CLOSE, body=BODY):
            connection.sendall(bytes([byte]))
        (said,) = answers(received(connection))
    assert said.status == 200


def test_a_trailer_is_no_header(wire: Wire) -> None:
    """RFC 9110 section 6.5.1."""
    body = f"{len(BODY):x}\r\n{BODY}\r\n0\r\n{BASIC}\r\n\r\n"
    (said,) = wire.request(POST, HOST, FORM, "Transfer-Encoding: chunked", body=body)
    assert said.status == 401


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("http://localhost/health", "Host: evil.example", 421),
        ("http://evil.example/health", "Host: localhost", 200),
        ("http://localhost", "Host: localhost", 200),
        ("*", "Host: localhost", 404),
    ],
)
def test_the_host_header_counts_and_never_the_target(wire: Wire, target: str, host: str, status: int) -> None:
    (said,) = wire.request(f"GET {target} HTTP/1.1", host)
    assert said.status == status


@pytest.mark.parametrize(
    ("line", "headers", "status"),
    [
        ("GET /health HTTP/2.0", (), 400),
        ("GET /health HTTP/0.9", (), 400),
        (POST, ("Transfer-Encoding: gzip, chunked",), 400),
        ("BREW /health HTTP/1.1", (), 405),
        ("CONNECT localhost:443 HTTP/1.1", (), 404),
    ],
)
def test_what_is_not_served_is_refused(wire: Wire, line: str, headers: tuple[str, ...], status: int) -> None:
    said = wire.ask(message(line, HOST, CLOSE, FORM, *headers, body="1\r\na\r\n0\r\n\r\n" if headers else ""))
    assert [each.status for each in said] == [status]


def test_a_url_that_is_too_long_is_refused(wire: Wire) -> None:
    (said,) = wire.request(f"GET /{'a' * 70_000} HTTP/1.1", HOST)
    assert said.status == 414


def test_headers_that_never_end_are_refused_before_they_do(wire: Wire) -> None:
    with wire.open(f"{HEALTH}\r\nX-Long: {'a' * 400_000}".encode()) as connection:
        (said,) = answers(received(connection))
    assert said.status == 431


@pytest.mark.parametrize("endless", ["0\r\nX-Long: ", "1;x="])
def test_chunks_that_hold_no_body_are_refused_before_they_end(wire: Wire, endless: str) -> None:
    raw = message(POST, HOST, BASIC, FORM, "Transfer-Encoding: chunked", body=endless + "a" * 3_000_000)
    said = wire.ask(raw)
    assert {each.status for each in said} <= {400, 413}


@pytest.mark.slow
def test_a_connection_whose_headers_do_not_arrive_is_closed(wire: Wire) -> None:
    with wire.open(f"{HEALTH}\r\nHost: loc".encode()) as connection:
        assert received(connection) == b""


def test_requests_in_advance_are_answered_in_order_also_where_some_take_their_time(wire: Wire) -> None:
    discovery, slow = message(DISCOVERY, HOST), message(HEALTH, HOST)
    said = wire.ask((discovery + slow) * 100 + message(HEALTH, HOST, CLOSE))
    assert ["issuer" in each.json() for each in said] == [True, False] * 100 + [False]


def test_no_more_is_read_from_a_client_that_does_not_read_responses(wire: Wire) -> None:
    """Its responses would have to be kept in memory."""
    with wire.open(b"") as connection:
        connection.setblocking(False)
        asked, sent = message(DISCOVERY, HOST) * 100, 0
        while select.select([], [connection], [], 1)[1]:
            sent += connection.send(asked)
            assert sent < MORE_THAN_SOCKETS_HOLD
        (said,) = wire.request(HEALTH, HOST)
    assert said.status == 200


def test_connections_that_say_nothing_make_room(wire: Wire) -> None:
    with ExitStack() as opened:
        first, *_, last = [opened.enter_context(wire.open(b"")) for _ in range(FLOOD)]
        (said,) = wire.request(HEALTH, HOST)
        assert received(first) == b""
        last.setblocking(False)
        with pytest.raises(BlockingIOError):
            last.recv(1)
    assert said.status == 200


def test_streams_whose_readers_have_left_are_not_served_on(wire: Wire) -> None:
    """Each would hold a thread."""
    for _ in range(STREAMS):
        with wire.open(message(STREAM, HOST)) as connection:
            assert connection.recv(12) == b"HTTP/1.1 200"
    (said,) = wire.request(HEALTH, HOST)
    assert said.status == 200


@pytest.mark.parametrize("path", ["/_devidp/stream", "/_devidp/api/events/stream"])
def test_requests_are_answered_beside_any_number_of_streams(wire: Wire, path: str) -> None:
    """Those that find no place say when to come again, and end."""
    with ExitStack() as opened:
        streams = [
            opened.enter_context(wire.open(message(f"GET {path} HTTP/1.1", HOST, CLOSE))) for _ in range(STREAMS)
        ]
        (said,) = wire.request(POST, HOST, BASIC, FORM, LENGTH, body=BODY)
        lines = [opened.enter_context(each.makefile("rb")) for each in streams]
        retries = [next(line for line in each if line.startswith(b"retry")).split()[1] for each in lines]
        assert retries.count(b"200") <= MOST_STREAMS
        for each, retry in zip(lines, retries, strict=True):
            if retry == b"3000":
                each.read()
    assert said.status == 200


@pytest.mark.slow
def test_a_token_is_issued_beside_streams_stalled_clients_and_slow_responses(wire: Wire) -> None:
    """Each of the first holds a thread of the worker; a connection that has not said what it wants holds none."""
    scripted = json.dumps({"endpoint": "jwks", "failure": "slow", "seconds": 60, "times": 2})
    with ExitStack() as opened:
        wire.request(FAILURES, HOST, JSON, f"Content-Length: {len(scripted)}", body=scripted)
        for _ in range(800):
            opened.enter_context(wire.open(f"{POST}\r\nHost: loc".encode()))
        for _ in range(6):
            stream = opened.enter_context(wire.open(message(STREAM, HOST)))
            assert stream.recv(12) == b"HTTP/1.1 200"
            opened.enter_context(wire.open(message(POST, HOST, BASIC, FORM, LENGTH, body=BODY[:5])))
        for _ in range(2):
            opened.enter_context(wire.open(message(JWKS, HOST)))
        (said,) = wire.request(POST, HOST, BASIC, FORM, LENGTH, body=BODY)
    assert said.status == 200

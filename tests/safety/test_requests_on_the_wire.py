"""Requests that two servers could understand differently, that are too large, or that never end."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import pytest

from tests.safety.wire import BASIC, BODY, FORM, Wire, answers, message, received

HOST = "Host: localhost"
POST = "POST /default/token HTTP/1.1"
LENGTH = f"Content-Length: {len(BODY)}"
CHUNKED = f"{len(BODY):x}\r\n{BODY}\r\n0\r\n\r\n"
HIDDEN = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
STALLED = 64
STALLED_BODIES = 12


def test_a_body_may_come_in_chunks(wire: Wire) -> None:
    (said,) = wire.request(POST, HOST, BASIC, FORM, "Transfer-Encoding: chunked", body=CHUNKED)
    assert said.status == 200
    assert said.json()["token_type"] == "Bearer"


def test_requests_that_follow_each_other_are_answered_in_order(wire: Wire) -> None:
    token = message(POST, HOST, BASIC, FORM, LENGTH, body=BODY)
    last = message("GET /health HTTP/1.1", HOST, "Connection: close")
    assert [said.status for said in wire.ask(HIDDEN.encode() + token + last)] == [200, 200, 200]


@pytest.mark.parametrize("first", [0, 1])
def test_nothing_is_smuggled_behind_a_body_of_two_lengths(wire: Wire, first: int) -> None:
    """RFC 9112 section 6.3: chunks win, and the connection ends."""
    lengths = ["Content-Length: 5", "Transfer-Encoding: chunked"]
    said = wire.ask(message(POST, HOST, BASIC, FORM, lengths[first], lengths[1 - first], body=CHUNKED + HIDDEN))
    assert [each.status for each in said] == [200]


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 29", "Content-Length: 5"),
        ("Content-Length: 29, 5",),
        ("Content-Length: -1",),
        ("Content-Length: +29",),
        ("Content-Length: 0x1d",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: chunked, identity",),
        ("X-Folded: a", " b"),
        ("X-Spaced : a",),
        ("X-Nul: a\0b",),
    ],
)
def test_what_cannot_be_read_in_one_way_is_refused_and_ends_the_connection(
    wire: Wire, headers: tuple[str, ...]
) -> None:
    said = wire.ask(message(POST, HOST, BASIC, FORM, *headers, body=BODY + HIDDEN))
    assert [each.status for each in said] == [400]


@pytest.mark.parametrize("header", ["Host: other.example", "Authorization: Basic eA=="])
def test_a_header_that_decides_something_comes_once(wire: Wire, header: str) -> None:
    (said,) = wire.request(POST, HOST, BASIC, FORM, LENGTH, header, body=BODY)
    assert said.status == 400
    assert "came more than once" in said.json()["error_description"]


def test_an_underscore_does_not_make_another_header(wire: Wire) -> None:
    (said,) = wire.request(POST, HOST, "Content_Type: text/plain", BASIC, FORM, LENGTH, body=BODY)
    assert said.status == 200


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ((f"Content-Length: {10**9}",), "a=b", 413),
        (("Transfer-Encoding: chunked",), f"{300_000:x}\r\n{'a' * 300_000}\r\n0\r\n\r\n", 413),
        (("Content-Length: 0", f"X-Long: {'a' * 500_000}"), "", 431),
        (("Content-Length: 0", *(f"X-{number}: a" for number in range(200))), "", 431),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_read(
    wire: Wire, headers: tuple[str, ...], body: str, status: int
) -> None:
    said = wire.request(POST, HOST, BASIC, FORM, *headers, body=body)
    assert said[0].status == status


@pytest.mark.parametrize(
    "raw",
    [b"\x16\x03\x01\0\xa5\x01\0\0", b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET\r\n\r\n"],
)
def test_what_is_no_http_has_no_answer_but_400(wire: Wire, raw: bytes) -> None:
    assert {said.status for said in wire.ask(raw)} <= {400}


@pytest.mark.parametrize("path", ["/%ff%fe", "/%00", "/default/%2e%2e/x", "/default//token", "//evil.example/", "/;a"])
def test_odd_paths_lead_nowhere(wire: Wire, path: str) -> None:
    (said,) = wire.request(f"GET {path} HTTP/1.1", HOST)
    assert said.status == 404
    assert "location" not in said.headers


def test_clients_that_stall_in_a_body_hold_nobody_up(wire: Wire) -> None:
    with ExitStack() as stalled:
        for _ in range(STALLED_BODIES):
            stalled.enter_context(wire.open(message(POST, HOST, BASIC, FORM, LENGTH, body=BODY[:5])))
        (said,) = wire.request(POST, HOST, BASIC, FORM, LENGTH, body=BODY)
    assert said.status == 200


def test_clients_that_stall_in_their_headers_hold_nobody_up(wire: Wire) -> None:
    with ExitStack() as stalled:
        for _ in range(STALLED):
            stalled.enter_context(wire.open(f"{POST}\r\nHost: loc".encode()))
        (said,) = wire.request("GET /health HTTP/1.1", HOST)
    assert said.status == 200


def test_a_body_that_ends_early_is_refused(wire: Wire) -> None:
    with wire.open(message(POST, HOST, BASIC, FORM, LENGTH, body=BODY[:5])) as connection:
        connection.shutdown(socket.SHUT_WR)
        (said,) = answers(received(connection))
    assert said.status == 400
    assert "Content-Length announced 29" in said.json()["error_description"]


def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(wire: Wire) -> None:
    for _ in range(STALLED):
        connection = wire.open(message(POST, HOST, BASIC, FORM, LENGTH, body=BODY[:5]))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()
    (said,) = wire.request("GET /health HTTP/1.1", HOST)
    assert said.status == 200

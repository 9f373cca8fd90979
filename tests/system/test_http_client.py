"""Requests to a devidp that somebody named."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import pytest

from devidp.system.http_client import NoAnswer, read_object, request


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A server that gives one answer, whatever is asked."""

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


def test_a_redirect_is_an_answer_like_any_other() -> None:
    with (
        answering(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 2\r\n\r\nok") as url,
        request("GET", url, timeout=60) as response,
    ):
        assert (response.status, response.read()) == (302, b"ok")


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
def test_half_an_answer_and_what_is_no_http_are_no_answer(answer: bytes) -> None:
    with answering(answer) as url, pytest.raises(NoAnswer), request("GET", url, timeout=60) as response:
        response.read()


@pytest.mark.parametrize("url", ["http://", "http:///health", "http://127.0.0.1:port/", "http://[::1", "x"])
def test_a_url_without_a_host_or_with_a_wrong_port_is_named(url: str) -> None:
    with pytest.raises(NoAnswer, match="got '"), request("GET", url, timeout=60):
        pass


def test_a_port_where_nothing_listens_is_called_that() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NoAnswer, match="nothing listens there"), request("GET", f"http://127.0.0.1:{port}", timeout=60):
        pass


def test_an_answer_that_comes_bit_by_bit_ends_in_time() -> None:
    """Each byte is soon enough for a time-out, and the whole never comes."""
    stopped = Event()

    def drip() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while not stopped.wait(0.02):
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        dripping = Thread(target=drip)
        dripping.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with (
            pytest.raises(NoAnswer, match=r"did not answer within 0\.3 s"),
            request("GET", url, timeout=0.3, in_all=True) as response,
        ):
            read_object(response)
        stopped.set()
        dripping.join()


@pytest.mark.parametrize("body", [b"[]", b"<html>", b"null", b"[" * 100_000, b'"x"', b"\xff"])
def test_only_an_object_is_read_as_one(body: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with (
        answering(head + body) as url,
        request("GET", url, timeout=60) as response,
        pytest.raises(ValueError, match=r"no JSON object|nested|Expecting value|decode"),
    ):
        read_object(response)


@pytest.mark.parametrize("value", ["a\nb", "→"])
def test_a_header_that_cannot_be_sent_is_no_answer(value: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(NoAnswer, match="cannot be sent"), request("GET", url, timeout=60, headers={"X": value}):
            pass

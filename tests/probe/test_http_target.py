"""What a server does to a connection: every answer has an end, and a name for what is wrong with it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from devidp import DevIdP
from devidp.probe.exchange import Answer, Request
from devidp.probe.http_target import HttpTarget
from tests.probe import targets
from tests.serving import wsgi_served

Behave = Callable[[socket.socket, threading.Event], None]
HEAD = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def server(behave: Behave, got: list[bytes] | None = None) -> Iterator[str]:
    """One connection is treated as ``behave`` does; its event is set in the end. ``got`` gets what came."""
    over = threading.Event()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            came = connection.recv(65536)
            if got is not None:
                got.append(came)
            behave(connection, over)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        over.set()
        thread.join()


def sends(*pieces: bytes) -> Behave:
    def behave(connection: socket.socket, _: threading.Event) -> None:
        for piece in pieces:
            connection.sendall(piece)

    return behave


def drips(connection: socket.socket, over: threading.Event) -> None:
    """A byte now and then, so that the connection is never quiet for long."""
    connection.sendall(HEAD + b"\r\n")
    while not over.wait(0.02):
        try:
            connection.sendall(b".")
        except OSError:
            return


def floods(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(HEAD + b"\r\n")
    while not over.is_set():
        try:
            connection.sendall(b"." * 65536)
        except OSError:
            return


def event_stream(connection: socket.socket, over: threading.Event) -> None:
    """Answers, and keeps the stream for what may come."""
    message = b'data: {"jsonrpc": "2.0", "id": 1, "result": {}}\n\n'
    connection.sendall(HEAD + b"Content-Type: text/event-stream\r\n\r\n: hello\n\n" + message)
    over.wait()


def waits(_: socket.socket, over: threading.Event) -> None:
    over.wait()


def asked(behave: Behave, seconds: float = 5) -> Answer:
    with server(behave) as url:
        return HttpTarget().send(Request("GET", url), seconds)


@pytest.mark.parametrize(
    ("behave", "status", "problem", "seconds"),
    [
        (sends(HEAD + b"Content-Length: 2\r\n\r\nhi"), 200, "", 5),
        (sends(HEAD + b"\r\nhi"), 200, "", 5),
        (sends(), None, "dropped", 5),
        (sends(HEAD[:9]), None, "malformed", 5),
        (sends(HEAD + b"Content-Length: 9\r\n\r\nhi"), 200, "dropped", 5),
        (sends(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhi"), 200, "dropped", 5),
        (sends(HEAD + b"Transfer-Encoding: chunked\r\n\r\nfive\r\n"), 200, "dropped", 5),
        (sends(b"220 mail.example ESMTP\r\n"), None, "malformed", 5),
        (sends(HEAD + b"X-Long: " + b"." * 70000 + b"\r\n\r\n"), None, "malformed", 5),
        (waits, None, "timeout", 0.2),
        (drips, 200, "timeout", 0.3),
        (floods, 200, "endless", 5),
        (event_stream, 200, "", 5),
    ],
)
def test_every_answer_has_an_end_and_a_name(behave: Behave, status: int | None, problem: str, seconds: float) -> None:
    answer = asked(behave, seconds)
    assert (answer.status, answer.problem) == (status, problem)


def test_why_there_is_no_connection_is_told_apart() -> None:
    unknown = HttpTarget(["no-such-host.invalid"]).send(Request("GET", "http://no-such-host.invalid/"), 5)
    assert unknown.problem == "unknown-host"
    with server(sends(HEAD + b"\r\n")) as url:
        assert HttpTarget().send(Request("GET", url.replace("http", "https")), 5).problem == "no-tls"
    with DevIdP(tls=True) as idp:
        port = urlsplit(idp.local_url).port
        # loopback by another name, whose certificate has to be right
        assert HttpTarget(["127.1"]).send(Request("GET", f"https://127.1:{port}/"), 5).problem == "untrusted"
        assert HttpTarget().send(Request("GET", f"https://localhost:{port}/health"), 5).status == 200


def test_a_server_may_refuse_headers_that_are_too_large_before_it_has_read_them() -> None:
    with server(sends(b"HTTP/1.1 431 Request Header Fields Too Large\r\n\r\n")) as url:
        answer = HttpTarget().send(Request("GET", url, (("Authorization", "." * 1_000_000),)), 5)
    assert (answer.status, answer.problem) == (431, "")


def test_a_path_is_sent_as_a_browser_would_send_it() -> None:
    got: list[bytes] = []
    with server(sends(HEAD + b"Content-Length: 0\r\n\r\n"), got) as url:
        assert HttpTarget().send(Request("GET", f"{url}caf\u00e9 1/%2F?a=b+c&d[]=%20"), 5).status == 200
    assert got[0].startswith(b"GET /caf%C3%A9%201/%2F?a=b+c&d[]=%20 HTTP/1.1\r\n")


def test_headers_are_sent_as_they_are_also_twice() -> None:
    got: list[bytes] = []
    headers = (("Authorization", "Bearer a"), ("authorization", "Bearer\tb"), ("X-Name", "é"))
    with server(sends(HEAD + b"Content-Length: 0\r\n\r\n"), got) as url:
        HttpTarget().send(Request("GET", f"{url}a?b=c", headers), 5)
    lines = got[0].split(b"\r\n")
    assert lines[0] == b"GET /a?b=c HTTP/1.1"
    assert [line for line in lines if line.lower().startswith(b"authorization")] == [
        b"Authorization: Bearer a",
        b"authorization: Bearer\tb",
    ]
    assert "X-Name: é".encode() in lines


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    with wsgi_served(lambda _: targets.always(302)) as (base, _):
        assert HttpTarget().send(Request("GET", base), 5).status == 302

"""Fetching what others hold: bounded in time, size and place."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, Response

from devidp.system import fetch
from devidp.system.clock import Clock
from devidp.system.documents import Documents
from devidp.system.fetch import FetchError, Reach, kind_of
from tests.serving import wsgi_served

HERE = Reach(loopback=True)


@pytest.fixture
def asked() -> list[str]:
    return []


def kept(cache_control: str) -> Response:
    return Response("[]", 200, {"Cache-Control": cache_control}, content_type="application/json")


@pytest.fixture
def base(asked: list[str]) -> Iterator[str]:
    def make(base_url: str) -> Flask:
        app = Flask(__name__)

        def serve(path: str, view: Callable[[], Response]) -> None:
            def counted() -> Response:
                asked.append(path)
                return view()

            app.add_url_rule(path, path, counted)

        serve("/json", lambda: Response('{"a": 1}', content_type="application/jwk-set+json"))
        serve(
            "/kept",
            lambda: Response("[]", 200, {"Cache-Control": "public, max-age=60"}, content_type="application/json"),
        )
        serve("/fresh", lambda: Response("[]", 200, {"Cache-Control": "no-store"}, content_type="application/json"))
        serve("/away", lambda: Response(status=302, headers={"Location": "http://169.254.169.254/"}))
        serve("/html", lambda: Response("{}", content_type="text/html"))
        serve("/broken", lambda: Response("{", content_type="application/json"))
        serve("/deep", lambda: Response("[" * 60_000, content_type="application/json"))
        serve("/big", lambda: Response(b"1" * 70_000, content_type="application/json"))
        serve("/gone", lambda: Response("{}", 404, content_type="application/json"))
        return app

    with wsgi_served(make) as (url, _):
        yield url


@contextmanager
def speaking(*lines: bytes) -> Iterator[str]:
    """A server that says ``lines`` to the first who comes, and then nothing more."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def speak() -> None:
            connection, _ = listening.accept()
            with connection:
                for line in lines:
                    connection.sendall(line)
                done.wait(20)

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        done.set()
        thread.join()


def test_json_of_this_machine_is_fetched_where_that_is_allowed(base: str) -> None:
    assert Documents(Clock()).get(f"{base}/json", HERE) == {"a": 1}
    assert Documents(Clock()).get(f"{base}/json", Reach(private=True)) == {"a": 1}


def test_this_machine_is_not_asked_for_a_stranger(base: str, asked: list[str]) -> None:
    with pytest.raises(FetchError, match="does not ask") as caught:
        fetch.get(f"{base}/json", Reach())
    assert "private_addresses" in caught.value.remedy
    assert asked == []


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/away", r"redirects to 'http://169\.254"),
        ("/html", "answers with 'text/html"),
        ("/broken", "does not answer with JSON"),
        ("/deep", "does not answer with JSON"),
        ("/big", "more than 65536 bytes"),
        ("/gone", "status 404"),
    ],
)
def test_what_is_not_json_of_a_bounded_size_is_refused(base: str, path: str, why: str) -> None:
    with pytest.raises(FetchError, match=why):
        Documents(Clock()).get(f"{base}{path}", HERE)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://localhost/x", "file:///etc/passwd", "//localhost/x", "http:///x", "", "http://user:pw@localhost/x",
        "http://localhost/a b", "http://localhost/é", "http://[::1", "http://localhost:port/",
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(FetchError):
        fetch.get(url, Reach(private=True))


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "[::]",
        "[fd00::1]", "[fe80::1]", "[::ffff:10.0.0.1]", "[::ffff:127.0.0.1]", "[64:ff9b::a00:1]", "[2002:a00:1::]",
        "127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost", "[::1]",
    ],
)  # fmt: skip
def test_no_spelling_of_a_private_address_is_asked(host: str) -> None:
    with pytest.raises(FetchError, match=r"does not ask|cannot be found"):
        fetch.get(f"https://{host}/x", Reach())


@pytest.mark.parametrize(
    ("text", "kind"),
    [("1.1.1.1", "public"), ("2606:4700::1111", "public"), ("127.8.8.8", "loopback"), ("::ffff:127.0.0.1", "loopback"),
     ("::127.0.0.1", "private"), ("::ffff:0:127.0.0.1", "private"), ("64:ff9b:1::7f00:1", "private"),
     ("64:ff9b:1:7f00:0:100::", "private"), ("fec0::1", "private"), ("5f00::1", "private"), ("3fff::1", "private"),
     ("::8.8.8.8", "private"), ("4000::1", "private"), ("2002:7f00:1::", "loopback"), ("2002:808:808::", "public"),
     ("64:ff9b::101:101", "public"), ("64:ff9b::7f00:1", "loopback"), ("10.1.1.1", "private"), ("ff02::1", "private"),
     ("192.0.0.8", "private"), ("192.0.0.255", "private"), ("192.0.1.1", "public")],
)  # fmt: skip
def test_an_address_is_what_it_leads_to(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_plain_http_is_for_this_machine_only() -> None:
    with pytest.raises(FetchError, match="is plain http") as caught:
        fetch.get("http://1.1.1.1/x", Reach(private=True))
    assert caught.value.remedy == "Use https"


def test_a_name_whose_address_changes_is_asked_where_it_was_checked(
    base: str, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: whoever has a name can let it lead elsewhere the next time it is looked up."""
    port = int(base.rpartition(":")[2])
    answers = iter(["127.0.0.1", "169.254.169.254"])
    looked_up = []

    def changing(host: str, *arguments: object, **options: object) -> list[tuple[object, ...]]:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    assert fetch.get(f"http://rebound.test:{port}/json", HERE).status == 200
    assert looked_up == ["rebound.test"]
    with pytest.raises(FetchError, match=r"leads to 169\.254\.169\.254"):
        fetch.get(f"http://rebound.test:{port}/json", HERE)
    assert asked == ["/json"]


def test_one_forbidden_address_of_several_is_not_asked(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(base.rpartition(":")[2])
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)) for text in ("10.0.0.1", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: both)
    assert fetch.get(f"http://two.test:{port}/json", HERE).status == 200


def test_nobody_listening_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(FetchError, match="refused"):
        fetch.get(f"http://127.0.0.1:{port}/", HERE)


@pytest.mark.parametrize("lines", [(), (b"HTTP/1.0 200 OK\r\n\r\n{",), (b"HTTP/1.1 200 OK\r\nA: b\r\n",)])
def test_a_server_that_never_ends_is_left_in_time(lines: tuple[bytes, ...]) -> None:
    with speaking(*lines) as url, pytest.raises(FetchError, match=r"did not answer within 0\.2 s"):
        fetch.get(url, HERE, within=0.2)


def test_a_resolver_that_never_answers_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    answering = threading.Event()

    def hanging(*arguments: object, **options: object) -> list[tuple[object, ...]]:
        answering.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    try:
        with pytest.raises(FetchError, match=r"did not answer within 0\.1 s, because its host name was not resolved"):
            fetch.get("https://slow.test/x", Reach(), within=0.1)
        assert not answering.is_set()
    finally:
        answering.set()


def test_what_is_no_http_is_refused() -> None:
    with speaking(b"SSH-2.0-OpenSSH\r\n\r\n") as url, pytest.raises(FetchError, match="cannot be fetched"):
        fetch.get(url, HERE)


def test_a_document_is_kept_as_long_as_its_headers_say(base: str, asked: list[str]) -> None:
    clock = Clock()
    documents = Documents(clock)
    for _ in range(2):
        documents.get(f"{base}/kept", HERE)
        documents.get(f"{base}/fresh", HERE)
    assert (asked.count("/kept"), asked.count("/fresh")) == (1, 2)
    clock.advance(61)
    documents.get(f"{base}/kept", HERE)
    assert asked.count("/kept") == 2


def test_a_document_is_asked_for_again_but_not_at_once(base: str, asked: list[str]) -> None:
    clock = Clock()
    documents = Documents(clock)
    documents.get(f"{base}/kept", HERE)
    documents.get(f"{base}/kept", HERE, again=True)
    assert asked == ["/kept"]
    clock.advance(11)
    documents.get(f"{base}/kept", HERE, again=True)
    assert asked == ["/kept"] * 2

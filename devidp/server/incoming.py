"""What comes on one connection, as requests (RFC 9112).

Node's parser, as httptools binds it, reads the bytes, and strictly so. Owns what it leaves to a server: sizes, what may
come once, and what of HTTP is not served. Every refusal ends the connection, for nobody can say where the next request
begins.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple
from urllib.parse import unquote

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from devidp.messages import MAX_BODY_BYTES, Received
from devidp.oauth.errors import ContentTooLarge, InvalidRequest, OAuthError, quoted

MAX_HEADER_BYTES = 64 * 1024
"""Of the headers of a request, and of its URL."""
MAX_HEADERS = 100
MAX_FRAMED_BYTES = 8 * MAX_BODY_BYTES
"""Of a body as it comes: in chunks of a byte it takes six times its size."""
_ONCE = frozenset({"host", "content-type", "authorization"})
_VERSIONS = {"1.1": "HTTP/1.1", "1.0": "HTTP/1.0"}
_FRAMING = ("content-length", "transfer-encoding")


class Asked(NamedTuple):
    """A request, or why there is none."""

    request: Received | None
    refusal: OAuthError | None = None
    last: bool = False
    """Whether the connection ends with the answer."""


class _Stop(Exception):
    """The rest is not read."""


class Incoming:
    """The requests of one connection, each in ``asked`` as soon as it is whole."""

    def __init__(self, scheme: str, client: str) -> None:
        self.asked: deque[Asked] = deque()
        self.ended = False
        """Whether no more is read, because the client said so or was refused."""
        self.in_head = False
        self.in_body = False
        self.expects_continue = False
        """Whether the client waits for a word before it sends the body (RFC 9110 section 10.1.1)."""
        self._scheme = scheme
        self._client = client
        self._parser = HttpRequestParser(self)
        self._upgrade = False
        self._taking_over = False
        self._begin()

    def feed(self, data: bytes) -> None:
        """Read on."""
        if self.ended:
            return
        self._unfinished += len(data)
        try:
            self._read(data)
        except HttpParserError as error:
            if not self.ended:
                self.refuse(_malformed(error))
        if self.in_head and self._unfinished > MAX_HEADER_BYTES:
            self.refuse(_headers_too_large())
        elif self.in_body and self._unfinished > MAX_FRAMED_BYTES:
            self.refuse(_body_too_large())

    def close(self) -> None:
        """Read no more, and let go of the parser, which holds on to this."""
        self.ended = True
        del self._parser

    def _read(self, data: bytes) -> None:
        """Who wants to go on in another protocol is answered in this one (RFC 9110 section 7.8).

        The parser ends there, in front of the body: another takes over, from a head that says how the body is framed.
        """
        while data:
            try:
                return self._parser.feed_data(data)
            except HttpParserUpgrade as upgrade:
                framing = "".join(f"{name}: {self._headers[name]}\r\n" for name in _FRAMING if name in self._headers)
                end = "Connection: close\r\n" if self._last else ""
                data = f"POST / HTTP/1.1\r\n{framing}{end}\r\n".encode("latin-1") + data[upgrade.args[0] :]
                self._parser = HttpRequestParser(self)
                self._upgrade, self._taking_over = False, True
        return None

    def refuse(self, refusal: OAuthError) -> None:
        """Answer what is being read with ``refusal``, and read no more."""
        self.asked.append(Asked(None, refusal, last=True))
        self.ended = True
        self.in_head = self.in_body = self.expects_continue = False

    def on_message_begin(self) -> None:
        if not self._taking_over:
            self._begin()
            self.in_head = True

    def on_url(self, part: bytes) -> None:
        if not self._taking_over:
            self._target += part
            if len(self._target) > MAX_HEADER_BYTES:
                self._stop(InvalidRequest("The URL is too long", section="RFC 9110 section 15.5.15", status=414))

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._taking_over:
            return
        self._count += 1
        self._size += len(name) + len(value)
        if self._size > MAX_HEADER_BYTES or self._count > MAX_HEADERS:
            self._stop(_headers_too_large())
        if not self.in_head:
            return  # a trailer, which may not pass for a header (RFC 9110 section 6.5.1)
        key, text = name.decode("latin-1").lower(), value.decode("latin-1").rstrip(" \t")
        if key not in self._headers:
            self._headers[key] = text
        elif key in _ONCE:
            self._stop(
                InvalidRequest(
                    f"The header {key} came more than once", remedy="Send it once", section="RFC 9110 section 5.3"
                )
            )
        else:
            self._headers[key] += f"; {text}" if key == "cookie" else f",{text}"

    def on_headers_complete(self) -> None:
        if self._taking_over:
            self._taking_over = False
            return
        self.in_head, self.in_body, self._unfinished = False, True, 0
        parser, headers = self._parser, self._headers
        self._method = parser.get_method().decode("latin-1")
        self._version = _VERSIONS.get(parser.get_http_version(), "")
        self._last = not parser.should_keep_alive()
        self._upgrade = parser.should_upgrade()
        if not self._version:
            self._stop(_other_version(parser.get_http_version()))
        if self._method == "CONNECT":
            self._stop(_no_proxy())
        coding = headers.get("transfer-encoding")
        if coding is not None and coding.lower() != "chunked":
            self._stop(_other_coding(coding))
        if "content-length" in headers and int(headers["content-length"]) > MAX_BODY_BYTES:
            self._last = True
            self._complete(None)
            raise _Stop
        if self._version == "HTTP/1.0":
            # it knows neither (RFC 9112 section 6.1, RFC 9110 section 10.1.1)
            self._last = self._last or coding is not None
        else:
            self.expects_continue = headers.get("expect", "").lower() == "100-continue"

    def on_body(self, part: bytes) -> None:
        self._body.append(part)
        self._length += len(part)
        if self._length > MAX_BODY_BYTES:
            self._stop(_body_too_large())

    def on_message_complete(self) -> None:
        if not self._upgrade:
            self._complete(b"".join(self._body))

    def _begin(self) -> None:
        self._target = b""
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._size = self._count = self._length = self._unfinished = 0

    def _complete(self, body: bytes | None) -> None:
        self.in_body = self.expects_continue = False
        path, query, authority = self._located()
        headers = self._headers if authority is None else self._headers | {"host": authority}
        request = Received(
            self._method, path, headers, query, body, self._scheme, self._version, client=self._client
        )  # fmt: skip
        self.asked.append(Asked(request, None, self._last))
        self.ended = self._last
        self._body = []

    def _located(self) -> tuple[str, bytes, str | None]:
        """Path, query, and the host where the target names one, which counts more than the header (section 3.2.2)."""
        authority = None
        target, _, query = self._target.partition(b"?")
        path = target.decode("latin-1")
        if "#" in path or b"#" in query:
            self._stop(_bad_url("a fragment", "Leave out all from '#' on"))
        if not path.startswith("/") and "://" in path:
            authority, _, path = path.partition("://")[2].partition("/")
            if "@" in authority:
                self._stop(_bad_url("credentials", "Send them in a header"))
        if "%" in path:
            path = unquote(path, errors="replace")
        return "/" + path.lstrip("/"), query, authority

    def _stop(self, refusal: OAuthError) -> None:
        self.refuse(refusal)
        raise _Stop


def _malformed(error: HttpParserError) -> OAuthError:
    said = str(error).replace("`", "")
    return InvalidRequest(f"This is no request that can be read in one way: {said}", section="RFC 9112 section 3")


def _bad_url(part: str, remedy: str) -> OAuthError:
    return InvalidRequest(f"The URL has {part}", remedy=remedy, section="RFC 9112 section 3.2")


def _body_too_large() -> OAuthError:
    return ContentTooLarge(f"The body has more than {MAX_BODY_BYTES} bytes", remedy="Send less")


def _headers_too_large() -> OAuthError:
    return InvalidRequest(
        f"There are more than {MAX_HEADERS} headers, or they have more than {MAX_HEADER_BYTES} bytes",
        remedy="Send less",
        section="RFC 6585 section 5",
        status=431,
    )


def _other_version(version: str) -> OAuthError:
    return InvalidRequest(f"The version is HTTP/{version}, expected HTTP/1.1", section="RFC 9112 section 2.3")


def _no_proxy() -> OAuthError:
    return InvalidRequest("CONNECT asks for a tunnel, devidp is no proxy", section="RFC 9110 section 9.3.6")


def _other_coding(coding: str) -> OAuthError:
    return InvalidRequest(
        f"The Transfer-Encoding is {quoted(coding)}, expected chunked",
        remedy="Send the body as it is",
        section="RFC 9112 section 6.1",
    )

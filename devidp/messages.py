"""HTTP messages as endpoints see them, whichever server brings them and whichever takes them away.

Owns parsing of a request and the shape of an answer. Apart from Werkzeug's classes, which would be a tenth of a
signature in every request.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from socket import socket
from typing import Any, NamedTuple

from werkzeug.http import dump_cookie, parse_cookie

from devidp.oauth import parameters
from devidp.oauth.errors import ContentTooLarge, InvalidRequest, quoted
from devidp.oauth.parameters import Parameters

MAX_BODY_BYTES = 256 * 1024
FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
WITHOUT_BODY = (204, 304)
"""Statuses whose answers have no body (RFC 9110 section 6.4.1)."""
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Received(NamedTuple):
    """A request. Header names are in lower case; ``query`` is as it came, percent-encoded."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: bytes = b""
    body: bytes | None = b""
    """``None``: it is larger than MAX_BODY_BYTES, and was not read."""
    scheme: str = "http"
    version: str = "HTTP/1.1"
    connection: socket | None = None
    """The way to the client, where the server hands it out."""
    client: str = ""
    """Where it came from: address and port, ``[::1]:4711``."""

    @property
    def host(self) -> str:
        """The Host header, without the port that goes without saying."""
        return self.headers.get("host", "").removesuffix(_DEFAULT_PORTS.get(self.scheme, ""))

    @property
    def address(self) -> str:
        """The IP address that it came from."""
        return self.client.rpartition(":")[0].strip("[]")

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters."""
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def data(self) -> bytes:
        """The body; raises ContentTooLarge."""
        if self.body is None:
            raise ContentTooLarge(f"The body has more than {MAX_BODY_BYTES} bytes", remedy="Send less")
        return self.body

    def cookies(self) -> Mapping[str, str]:
        """The first cookie of each name."""
        header = self.headers.get("cookie", "")
        # ours are ASCII; the parser fails at bytes that are no UTF-8
        return parse_cookie(header if header.isascii() else header.encode("ascii", "replace").decode())

    def form(self) -> Parameters:
        """The parameters of the body; those of the query do not count (RFC 6749 section 3.2)."""
        self.expect(FORM_TYPE, "RFC 6749 appendix B")
        return parameters.decode(self.data, "body")

    def json_object(self) -> dict[str, Any]:
        """The JSON object in the body; raises InvalidRequest for anything else, ContentTooLarge."""
        self.expect(JSON_TYPE, "RFC 7591 section 3.1")
        try:
            value = json.loads(self.data.decode("utf-8"), object_pairs_hook=_without_duplicates)
        except RecursionError:
            raise InvalidRequest("The body is nested too deeply", remedy="Send a flat JSON object") from None
        except ValueError as error:
            raise InvalidRequest(f"The body is not JSON: {error}", remedy="Send a JSON object") from None
        if not isinstance(value, dict):
            raise InvalidRequest(f"The body is {quoted(type(value).__name__)}, expected a JSON object")
        return value

    def expect(self, content_type: str, section: str) -> None:
        """Raise InvalidRequest where the body is of another kind."""
        if self.media_type != content_type:
            raise InvalidRequest(
                f"The Content-Type is {quoted(self.content_type)}, expected {content_type}",
                remedy=f"Send the body as {content_type}",
                section=section,
            )


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        repeated = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"the member {quoted(repeated)} came more than once")
    return members


@dataclass(slots=True)
class Reply:
    """An answer. Header names are written as in the specifications; cookies are apart, for there may be several."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cookies: list[str] = field(default_factory=list)
    broken: bool = False
    """The connection is to end before the body does."""

    def set_cookie(self, name: str, value: str, *, max_age: int | None, path: str, secure: bool) -> None:
        """A cookie that no script reads, and that no other site has sent along with what it posts."""
        self.cookies.append(
            dump_cookie(name, value, max_age=max_age, path=path, secure=secure, httponly=True, samesite="Lax")
        )

    def fields(self) -> list[tuple[str, str]]:
        """Every header, as servers take them."""
        own = list(self.headers.items())
        return [*own, *(("Set-Cookie", cookie) for cookie in self.cookies)] if self.cookies else own

    def content(self, method: str) -> bytes:
        """The body that is sent to a request of ``method``."""
        return b"" if method == "HEAD" or self.status in WITHOUT_BODY else self.body


@lru_cache(maxsize=64)
def status_line(status: int) -> str:
    """``404 Not Found``."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    return f"{status} {phrase}"


def json_reply(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A JSON answer that nobody may keep (RFC 6749 section 5.1)."""
    return Reply(status, {"Content-Type": JSON_TYPE, **NO_STORE, **(headers or {})}, json.dumps(body).encode())


def break_off() -> Iterator[bytes]:
    """A body that ends where a server expects the rest: it drops the connection."""
    yield b""
    raise ConnectionResetError("a test asked for a dropped connection")

"""Failures that any endpoint can have."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

from devidp.faults.failures.expectation import BUSY, EITHER, UNNOTICED, ignore, report, retry
from devidp.faults.failures.registry import SpoiledResponse, failure
from devidp.oauth import errors
from devidp.system.clock import pause

HTML = b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_STATUS = {
    each.code: each.status
    for each in reversed(vars(errors).values())  # the first class of a code says its status
    if isinstance(each, type) and issubclass(each, errors.OAuthError)
}
LONGEST_DELAY = 120
JSON = (
    "certificates", "client-configuration", "device_authorization", "discovery", "introspect", "jwks", "par",
    "register", "token", "tokeninfo", "userinfo",
)  # fmt: skip
"""The endpoints that answer with a JSON object."""
SLOW = "An issuer that has much to do cannot be used"


@failure(
    "RFC 6749 section 5.2",
    before=True,
    error=str,
    description=str,
    status=int,
    expects=report("low", "errors", UNNOTICED),
)
def error(answer: SpoiledResponse) -> None:
    """The OAuth error `error`, with a `description` and a `status` of choice."""
    code = answer.options.get("error", "invalid_request")
    status = answer.options.get("status", _STATUS.get(code, 400))
    answer.error(status, code, answer.options.get("description", "A test asked for this error"))
    answer.response.headers["Content-Type"] = "application/json"
    if status == 401:
        answer.response.headers["WWW-Authenticate"] = f'Bearer error="{code}"'


@failure("RFC 9110 section 15", before=True, status=int, retry_after=int, expects=report("low", "errors", UNNOTICED))
def status(answer: SpoiledResponse) -> None:
    """The HTTP status `status` with an empty body, and with Retry-After where `retry_after` is given."""
    answer.response.status_code = answer.options.get("status", 500)
    answer.body(b"", "text/plain")
    if "retry_after" in answer.options:
        answer.response.headers["Retry-After"] = str(answer.options["retry_after"])


@failure("RFC 6585 section 4", before=True, retry_after=int, expects=retry("advice", "retry", BUSY))
def rate_limited(answer: SpoiledResponse) -> None:
    """429 with Retry-After, `retry_after` seconds: one by default."""
    answer.error(429, "temporarily_unavailable", "Too many requests")
    answer.response.headers["Retry-After"] = str(answer.options.get("retry_after", 1))


@failure("RFC 9110 section 15.6.4", before=True, retry_after=int, expects=retry("advice", "retry", BUSY))
def unavailable(answer: SpoiledResponse) -> None:
    """503 with Retry-After, `retry_after` seconds: one by default."""
    answer.response.status_code = 503
    answer.body(b"Service Unavailable", "text/plain")
    answer.response.headers["Retry-After"] = str(answer.options.get("retry_after", 1))


@failure("RFC 9110 section 9.2.2", seconds=float, expects=ignore("low", "retry", SLOW))
def slow(answer: SpoiledResponse) -> None:
    """The right answer, `seconds` late: two by default."""
    pause(min(answer.options.get("seconds", 2.0), LONGEST_DELAY))


@failure("RFC 9112 section 8", before=True, expects=retry("advice", "retry", BUSY))
def dropped_connection(answer: SpoiledResponse) -> None:
    """The connection drops: under `devidp serve` after an answer that announces more than it sends, under `DevIdP`
    without an answer."""
    if answer.connection is not None:
        answer.connection.shutdown(socket.SHUT_RDWR)
    answer.response.response = _break_off()
    answer.response.headers["Content-Length"] = "1"


def _break_off() -> Iterator[bytes]:
    """A body that ends where a server expects the rest of it: the server drops the connection."""
    yield b""
    raise ConnectionResetError("a test asked for a dropped connection")


@failure("RFC 8259 section 2", *JSON, expects=report("low", "errors", UNNOTICED))
def truncated_json(answer: SpoiledResponse) -> None:
    """The first half of the right answer, as if the connection had dropped behind a proxy."""
    body = answer.response.get_data()
    answer.body(body[: len(body) // 2])


@failure("RFC 8259 section 4", *JSON, expects=report("low", "errors", UNNOTICED))
def wrong_typed_json(answer: SpoiledResponse) -> None:
    """A JSON array that holds the right answer, instead of the object."""
    answer.put([answer.members()])


@failure("RFC 8259 section 2", expects=report("low", "errors", UNNOTICED))
def empty_body(answer: SpoiledResponse) -> None:
    """The right status and headers, and nothing after them."""
    answer.body(b"")


@failure("RFC 9110 section 8.3", before=True, expects=report("low", "errors", UNNOTICED))
def html_body(answer: SpoiledResponse) -> None:
    """An HTML page of a proxy, with status 200."""
    answer.response.status_code = 200
    answer.body(HTML, "text/html; charset=utf-8")


@failure("RFC 9110 section 8.3", expects=EITHER)
def wrong_content_type(answer: SpoiledResponse) -> None:
    """The right answer, declared as text/plain."""
    answer.response.headers["Content-Type"] = "text/plain; charset=utf-8"


@failure("RFC 8259 section 4", *JSON, expects=EITHER)
def duplicate_members(answer: SpoiledResponse) -> None:
    """Every member of the JSON object twice, the second time as null."""
    members = answer.members()
    inner = ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in members.items())
    nulls = ",".join(f"{json.dumps(name)}:null" for name in members)
    answer.body(f"{{{inner},{nulls}}}".encode())

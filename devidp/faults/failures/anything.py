"""Failures that any endpoint can have."""

from __future__ import annotations

import socket
from collections.abc import Iterator

from devidp.faults.failures.expectation import BUSY, UNNOTICED, ignore, report, retry
from devidp.faults.failures.registry import JSON, SpoiledResponse, failure
from devidp.oauth import errors
from devidp.system.clock import pause

_STATUS = {
    each.code: each.status
    for each in reversed(vars(errors).values())  # the first class of a code says its status
    if isinstance(each, type) and issubclass(each, errors.OAuthError)
}
LONGEST_DELAY = 120
OF_CLIENTS = ("authorize", "par", "device_authorization", "token", "introspect", "revoke")
"""The endpoints at which a client says who it is."""
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
    if status == 401:
        challenge = "Basic" if code == "invalid_client" else f'Bearer error="{code}"'
        answer.response.headers["WWW-Authenticate"] = challenge


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


@failure("RFC 6749 section 5.2", *JSON, expects=report("low", "errors", UNNOTICED))
def error_with_status_200(answer: SpoiledResponse) -> None:
    """An error in the body, although the status is 200, as one big vendor does."""
    answer.error(200, "bad_verification_code", "The code is wrong or expired")


@failure("RFC 6749 section 5.2", *JSON, before=True, expects=report("low", "errors", UNNOTICED))
def error_without_code(answer: SpoiledResponse) -> None:
    """400 with a JSON object that has a `message` and no `error`, as a gateway in front of the issuer sends it."""
    answer.response.status_code = 400
    answer.body(b'{"message": "Bad Request"}', "application/json")


@failure("RFC 6749 section 5.2", *JSON, before=True, expects=report("low", "errors", UNNOTICED))
def error_object(answer: SpoiledResponse) -> None:
    """400, and `error` is an object with a code and a message in place of a text."""
    answer.response.status_code = 400
    answer.put({"error": {"code": 400, "message": "Bad Request", "status": "INVALID_ARGUMENT"}})
    answer.response.headers["Content-Type"] = "application/json"


@failure("RFC 9110 section 15.5.2", *JSON, before=True, expects=report("low", "errors", UNNOTICED))
def basic_challenge(answer: SpoiledResponse) -> None:
    """401 with `WWW-Authenticate: Basic` and a page, as a proxy that wants a password sends it."""
    answer.response.status_code = 401
    answer.body(b"<!doctype html><title>401</title><h1>Authorization Required</h1>", "text/html; charset=utf-8")
    answer.response.headers["WWW-Authenticate"] = 'Basic realm="proxy"'


@failure("RFC 6749 section 5.2", *OF_CLIENTS, before=True, expects=report("low", "registration", UNNOTICED))
def client_unknown(_: SpoiledResponse) -> None:
    """The issuer has forgotten the client since it registered: 401 with `invalid_client`, a page at authorize."""
    raise errors.InvalidClient("There is no such client: a test asked for this error", remedy="Register again")

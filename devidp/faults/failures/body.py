"""Failures of the body that any endpoint can have."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

from devidp.faults.failures.expectation import EITHER, TOO_STRICT, UNNOTICED, ignore, report
from devidp.faults.failures.registry import JSON, SpoiledResponse, failure
from devidp.system.clock import pause

HTML = b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
HUGE = 8 * 1024 * 1024
PIECE = b" " * 4096
PIECE_SECONDS = 0.1
FILLS = "Whoever is asked in the name of the issuer can fill the memory of the client, or let it wait for ever"


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


@failure("RFC 8259 section 8.1", *JSON, expects=EITHER)
def byte_order_mark(answer: SpoiledResponse) -> None:
    """The right answer after a byte order mark, which JSON must not have and a client may ignore."""
    answer.body(b"\xef\xbb\xbf" + answer.response.get_data())


@failure("RFC 8259 section 8.1", *JSON, expects=EITHER)
def utf_16(answer: SpoiledResponse) -> None:
    """The right answer in UTF-16, and declared so: JSON between systems is UTF-8."""
    answer.body(answer.response.get_data().decode().encode("utf-16"), "application/json; charset=utf-16")


@failure("RFC 9110 section 8.3", *JSON, expects=ignore("low", "errors", TOO_STRICT))
def charset_latin_1(answer: SpoiledResponse) -> None:
    """The right answer, declared as ISO-8859-1: the parameter has no effect on JSON."""
    answer.body(answer.response.get_data(), "application/json; charset=ISO-8859-1")


@failure("RFC 9110 section 8.4", *JSON, expects=EITHER)
def gzip_unasked(answer: SpoiledResponse) -> None:
    """The right answer, compressed with gzip whether the client has asked for that or not."""
    answer.body(gzip.compress(answer.response.get_data()))
    answer.response.headers["Content-Encoding"] = "gzip"


@failure("RFC 8259 section 9", *JSON, expects=EITHER)
def huge_body(answer: SpoiledResponse) -> None:
    """The right answer, and 8 MiB in a member that no specification defines."""
    answer.change(x_devidp_extra="x" * HUGE)


@failure("RFC 9112 section 8", *JSON, before=True, seconds=float, expects=report("medium", "errors", FILLS))
def endless_body(answer: SpoiledResponse) -> None:
    """An answer that goes on and on, for `seconds`: 30 by default."""
    answer.body(b"", "application/json")
    del answer.response.headers["Content-Length"]
    answer.response.response = _go_on(answer.options.get("seconds", 30.0))


def _go_on(seconds: float) -> Iterator[bytes]:
    """What JSON may begin with, until the client has had enough of it."""
    for _ in range(round(seconds / PIECE_SECONDS)):
        yield PIECE
        pause(PIECE_SECONDS)

"""Failures of any endpoint that a program asks: it sends the program elsewhere."""

from __future__ import annotations

from devidp.faults.failures.expectation import UNNOTICED, avoid, report
from devidp.faults.failures.registry import JSON, SpoiledResponse, failure

REDIRECTS = "RFC 9110 section 15.4"
TAKES_ALONG = "What belongs to the issuer (codes, proof keys, secrets, tokens) is sent to wherever an answer leads"


@failure(REDIRECTS, *JSON, before=True, to=str, expects=avoid("high", "endpoint-origin", TAKES_ALONG))
def redirect(answer: SpoiledResponse) -> None:
    """302 to `to`, another origin by default: most clients go there with GET."""
    _lead(answer, 302, answer.elsewhere(answer.path))


@failure(
    "RFC 9700 section 4.12", *JSON, before=True, to=str, expects=avoid("high", "endpoint-origin", TAKES_ALONG)
)  # fmt: skip
def redirect_with_body(answer: SpoiledResponse) -> None:
    """307 to `to`, another origin by default: a client that goes there sends the same form again."""
    _lead(answer, 307, answer.elsewhere(answer.path))


@failure(REDIRECTS, *JSON, before=True, expects=report("low", "endpoint-origin", UNNOTICED))
def redirect_loop(answer: SpoiledResponse) -> None:
    """307 to the endpoint itself."""
    _lead(answer, 307, answer.path)


def _lead(answer: SpoiledResponse, status: int, location: str) -> None:
    answer.response.status_code = status
    answer.body(b"")
    answer.response.headers["Location"] = location

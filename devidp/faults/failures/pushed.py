"""Failures of pushed authorization requests (RFC 9126)."""

from __future__ import annotations

from devidp.faults.failures.expectation import EITHER, TOO_STRICT, UNNOTICED, ignore, report
from devidp.faults.failures.registry import ATTACKER, SpoiledResponse, failure

ENDPOINT = "par"
ANSWER = "RFC 9126 section 2.2"


@failure(ANSWER, ENDPOINT, expects=report("low", "errors", UNNOTICED))
def request_uri_missing(answer: SpoiledResponse) -> None:
    """The answer has no `request_uri`."""
    answer.leave_out("request_uri")


@failure(ANSWER, ENDPOINT, expects=report("low", "errors", UNNOTICED))
def request_uri_changed(answer: SpoiledResponse) -> None:
    """`request_uri` is one that the issuer never gave out."""
    answer.change(request_uri="urn:ietf:params:oauth:request_uri:made-up")


@failure(ANSWER, ENDPOINT, expects=EITHER)
def request_uri_expired(answer: SpoiledResponse) -> None:
    """`expires_in` is 0: the request cannot be used any more."""
    answer.change(expires_in=0)


@failure(ANSWER, ENDPOINT, expects=ignore("advice", "errors", TOO_STRICT))
def pushed_with_status_200(answer: SpoiledResponse) -> None:
    """The status is 200 and not 201, as some issuers send it."""
    answer.response.status_code = 200


@failure(ANSWER, ENDPOINT, expects=EITHER)
def request_uri_foreign(answer: SpoiledResponse) -> None:
    """`request_uri` is a URL of another origin."""
    answer.change(request_uri=f"{ATTACKER}/request")


@failure("RFC 9126 section 2.3", ENDPOINT, before=True, expects=report("low", "errors", UNNOTICED))
def pushed_too_large(answer: SpoiledResponse) -> None:
    """413, as at an issuer that takes only short requests."""
    answer.error(413, "invalid_request", "The request is too large")

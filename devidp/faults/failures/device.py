"""Failures of the device flow (RFC 8628)."""

from __future__ import annotations

from devidp.faults.failures.expectation import EITHER, TOO_STRICT, UNNOTICED, ignore, report
from devidp.faults.failures.registry import SpoiledResponse, failure

ENDPOINT = "device_authorization"
ANSWER = "RFC 8628 section 3.2"


@failure(ANSWER, ENDPOINT, expects=ignore("low", "token-response", TOO_STRICT))
def interval_missing(answer: SpoiledResponse) -> None:
    """`interval` is missing: the device has to wait 5 seconds."""
    answer.leave_out("interval")


@failure(ANSWER, ENDPOINT, expects=EITHER)
def interval_long(answer: SpoiledResponse) -> None:
    """`interval` is a minute."""
    answer.change(interval=60)


@failure(ANSWER, ENDPOINT, expects=ignore("low", "token-response", TOO_STRICT))
def uri_complete_missing(answer: SpoiledResponse) -> None:
    """`verification_uri_complete` is missing: it is optional."""
    answer.leave_out("verification_uri_complete")


@failure(ANSWER, ENDPOINT, expects=EITHER)
def verification_url(answer: SpoiledResponse) -> None:
    """`verification_uri` is called `verification_url`, as one big vendor has it."""
    members = answer.members()
    members["verification_url"] = members.pop("verification_uri", "")
    answer.put(members)


@failure(ANSWER, ENDPOINT, expects=report("low", "errors", UNNOTICED))
def user_code_missing(answer: SpoiledResponse) -> None:
    """`user_code` is missing."""
    answer.leave_out("user_code")


@failure(ANSWER, ENDPOINT, expects=report("low", "errors", UNNOTICED))
def device_code_changed(answer: SpoiledResponse) -> None:
    """The device code is one that the issuer never issued."""
    answer.change(device_code="made-up")

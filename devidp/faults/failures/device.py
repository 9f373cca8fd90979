"""Failures of the device flow (RFC 8628)."""

from __future__ import annotations

from collections.abc import Callable

from devidp.faults.failures.expectation import EITHER, TOO_STRICT, UNNOTICED, avoid, ignore, report
from devidp.faults.failures.registry import SpoiledResponse, failure

ENDPOINT = "device_authorization"
ANSWER = "RFC 8628 section 3.2"
PHISHED = "The user logs in at a page that is not the issuer's"
OPENS = "An issuer that the user did not choose runs a script in the program"


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


@failure(ANSWER, ENDPOINT, expects=EITHER)
def interval_string(answer: SpoiledResponse) -> None:
    """`interval` is a text of digits."""
    answer.change(interval=str(answer.members().get("interval", 5)))


@failure(ANSWER, ENDPOINT, expects=EITHER)
def interval_zero(answer: SpoiledResponse) -> None:
    """`interval` is 0."""
    answer.change(interval=0)


@failure(ANSWER, ENDPOINT, expects=report("low", "errors", UNNOTICED))
def device_code_expired(answer: SpoiledResponse) -> None:
    """`expires_in` is 1, and the code is one that the issuer does not know any more."""
    answer.change(expires_in=1, device_code="expired")


@failure(ANSWER, ENDPOINT, expects=report("low", "errors", UNNOTICED))
def verification_uri_missing(answer: SpoiledResponse) -> None:
    """Neither `verification_uri` nor `verification_uri_complete` is there."""
    answer.leave_out("verification_uri_complete")
    answer.leave_out("verification_uri")


@failure("RFC 8628 section 5.4", ENDPOINT, to=str, expects=avoid("advice", "endpoint-origin", PHISHED))
def verification_uri_foreign(answer: SpoiledResponse) -> None:
    """The user is sent to another origin, `to`."""
    _send_users(answer, answer.elsewhere)


@failure(ANSWER, ENDPOINT, expects=avoid("high", "endpoint-origin", OPENS))
def verification_uri_javascript(answer: SpoiledResponse) -> None:
    """The user is sent to a `javascript:` URL."""
    _send_users(answer, lambda _: "javascript:alert(document.domain)//")


def _send_users(answer: SpoiledResponse, address: Callable[[str], str]) -> None:
    names = ("verification_uri", "verification_uri_complete")
    found = {name: str(value) for name, value in answer.members().items() if name in names}
    answer.change(**{name: address(url) for name, url in found.items()})

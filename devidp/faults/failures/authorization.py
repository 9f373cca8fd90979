"""Failures of the authorization response: what the redirect brings to the client."""

from __future__ import annotations

from devidp.faults.failures.expectation import UNNOTICED, refuse, report
from devidp.faults.failures.registry import SpoiledResponse, failure

ENDPOINT = "authorize"
MIX_UP = "RFC 9207 section 2.4"
STATE = "RFC 6749 section 10.12"
MIX_UP_WHY = "The code of an honest issuer is sent to one that an attacker runs, or the other way round"
FORCED_LOGIN = "A page elsewhere logs the user in to an account of its own, and gets what the user then does"


@failure(MIX_UP, ENDPOINT, redirect=True, expects=refuse("high", "iss", MIX_UP_WHY))
def iss_wrong(answer: SpoiledResponse) -> None:
    """`iss` names another issuer, as in a mix-up attack."""
    answer.redirect(iss="https://attacker.example")


@failure(MIX_UP, ENDPOINT, redirect=True, expects=refuse("medium", "iss", MIX_UP_WHY))
def iss_missing(answer: SpoiledResponse) -> None:
    """`iss` is missing, although the metadata announces it."""
    answer.redirect(iss=None)


@failure(STATE, ENDPOINT, redirect=True, expects=refuse("medium", "state", FORCED_LOGIN))
def state_changed(answer: SpoiledResponse) -> None:
    """`state` is not the one that the client sent."""
    answer.redirect(state=f"{answer.parameters().get('state', '')}x")


@failure(STATE, ENDPOINT, redirect=True, expects=refuse("medium", "state", FORCED_LOGIN))
def state_missing(answer: SpoiledResponse) -> None:
    """`state` is missing, although the client sent one."""
    answer.redirect(state=None)


@failure("RFC 6749 section 4.1.2", ENDPOINT, redirect=True, expects=report("low", "errors", UNNOTICED))
def code_missing(answer: SpoiledResponse) -> None:
    """The answer has neither a code nor an error."""
    answer.redirect(code=None)


@failure("RFC 6749 section 4.1.2", ENDPOINT, redirect=True, expects=report("low", "errors", UNNOTICED))
def code_changed(answer: SpoiledResponse) -> None:
    """The code is one that the issuer never issued."""
    answer.redirect(code="made-up")

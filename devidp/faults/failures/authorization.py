"""Failures of the authorization response: what the redirect brings to the client."""

from __future__ import annotations

from devidp.faults.failures.registry import SpoiledResponse, failure

ENDPOINT = "authorize"
MIX_UP = "RFC 9207 section 2.4"
STATE = "RFC 6749 section 10.12"


@failure(MIX_UP, ENDPOINT, redirect=True)
def iss_wrong(answer: SpoiledResponse) -> None:
    """`iss` names another issuer, as in a mix-up attack."""
    answer.redirect(iss="https://attacker.example")


@failure(MIX_UP, ENDPOINT, redirect=True)
def iss_missing(answer: SpoiledResponse) -> None:
    """`iss` is missing, although the metadata announces it."""
    answer.redirect(iss=None)


@failure(STATE, ENDPOINT, redirect=True)
def state_changed(answer: SpoiledResponse) -> None:
    """`state` is not the one that the client sent."""
    answer.redirect(state=f"{answer.parameters().get('state', '')}x")


@failure(STATE, ENDPOINT, redirect=True)
def state_missing(answer: SpoiledResponse) -> None:
    """`state` is missing, although the client sent one."""
    answer.redirect(state=None)


@failure("RFC 6749 section 4.1.2", ENDPOINT, redirect=True)
def code_missing(answer: SpoiledResponse) -> None:
    """The answer has neither a code nor an error."""
    answer.redirect(code=None)


@failure("RFC 6749 section 4.1.2", ENDPOINT, redirect=True)
def code_changed(answer: SpoiledResponse) -> None:
    """The code is one that the issuer never issued."""
    answer.redirect(code="made-up")

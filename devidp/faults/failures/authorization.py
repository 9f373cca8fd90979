"""Failures of the authorization response: what the redirect brings to the client."""

from __future__ import annotations

from devidp.faults.failures.registry import SpoiledResponse, failure

ENDPOINT = "authorize"
MIX_UP = "RFC 9207 section 2.4"
STATE = "RFC 6749 section 10.12"


def _without(answer: SpoiledResponse, name: str) -> None:
    parameters = answer.parameters()
    parameters.pop(name, None)
    answer.redirect(parameters)


@failure(MIX_UP, ENDPOINT)
def iss_wrong(answer: SpoiledResponse) -> None:
    """`iss` names another issuer, as in a mix-up attack."""
    answer.redirect({**answer.parameters(), "iss": "https://attacker.example"})


@failure(MIX_UP, ENDPOINT)
def iss_missing(answer: SpoiledResponse) -> None:
    """`iss` is missing, although the metadata promises it."""
    _without(answer, "iss")


@failure(STATE, ENDPOINT)
def state_changed(answer: SpoiledResponse) -> None:
    """`state` is not the one that the client sent."""
    parameters = answer.parameters()
    answer.redirect({**parameters, "state": f"{parameters.get('state', '')}x"})


@failure(STATE, ENDPOINT)
def state_missing(answer: SpoiledResponse) -> None:
    """`state` is missing, although the client sent one."""
    _without(answer, "state")


@failure("RFC 6749 section 4.1.2", ENDPOINT)
def code_missing(answer: SpoiledResponse) -> None:
    """The answer has neither a code nor an error."""
    _without(answer, "code")


@failure("RFC 6749 section 4.1.2", ENDPOINT)
def code_changed(answer: SpoiledResponse) -> None:
    """The code is one that the issuer has never made."""
    answer.redirect({**answer.parameters(), "code": "made-up"})

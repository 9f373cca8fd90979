"""Failures of token introspection."""

from __future__ import annotations

from devidp.faults.failures.expectation import EITHER
from devidp.faults.failures.registry import SpoiledResponse, failure

ENDPOINT = "introspect"
ANSWER = "RFC 7662 section 2.2"


@failure("RFC 7662 section 2.3", ENDPOINT, before=True, expects=EITHER)
def credentials_refused(answer: SpoiledResponse) -> None:
    """401, as if the resource server had lost its credentials."""
    answer.error(401, "invalid_client")
    answer.response.headers["WWW-Authenticate"] = "Basic"


@failure(ANSWER, ENDPOINT, expects=EITHER)
def inactive(answer: SpoiledResponse) -> None:
    """Every token is inactive."""
    answer.put({"active": False})


@failure(ANSWER, ENDPOINT, expects=EITHER)
def active_string(answer: SpoiledResponse) -> None:
    """`active` is the string "true" or "false"."""
    answer.change(active=str(answer.members().get("active", False)).lower())


@failure(ANSWER, ENDPOINT, expects=EITHER)
def active_missing(answer: SpoiledResponse) -> None:
    """`active` is missing."""
    answer.leave_out("active")


@failure(ANSWER, ENDPOINT, expects=EITHER)
def scope_narrower(answer: SpoiledResponse) -> None:
    """`scope` has one scope fewer than the token."""
    answer.change(scope=" ".join(str(answer.members().get("scope", "")).split()[:-1]))


@failure(ANSWER, ENDPOINT, expects=EITHER)
def scope_empty(answer: SpoiledResponse) -> None:
    """`scope` is empty, whatever the token says."""
    answer.change(scope="")


@failure(ANSWER, ENDPOINT, expects=EITHER)
def sub_of_another(answer: SpoiledResponse) -> None:
    """`sub` and `username` are those of somebody else."""
    answer.change(sub="somebody-else", username="somebody-else")

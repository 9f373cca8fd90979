"""Failures of token introspection."""

from __future__ import annotations

from devidp.faults.failures.expectation import EITHER
from devidp.faults.failures.registry import ATTACKER, SpoiledResponse, failure

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


@failure(ANSWER, ENDPOINT, expects=EITHER)
def active_number(answer: SpoiledResponse) -> None:
    """`active` is 1 or 0 and no boolean."""
    answer.change(active=int(answer.members().get("active", False)))


@failure("RFC 7662 section 4", ENDPOINT, expects=EITHER)
def exp_passed(answer: SpoiledResponse) -> None:
    """`exp` has passed long ago, although `active` is true."""
    answer.change(exp=1)


@failure("RFC 7662 section 4", ENDPOINT, expects=EITHER)
def audience_of_another(answer: SpoiledResponse) -> None:
    """`aud` is another resource server."""
    answer.change(aud="https://another.example")


@failure(ANSWER, ENDPOINT, expects=EITHER)
def iss_of_another(answer: SpoiledResponse) -> None:
    """`iss` is another issuer."""
    answer.change(iss=ATTACKER)


@failure(ANSWER, ENDPOINT, expects=EITHER)
def client_of_another(answer: SpoiledResponse) -> None:
    """`client_id` is another client."""
    answer.change(client_id="another-client")


@failure(ANSWER, ENDPOINT, expects=EITHER)
def introspected_scope_array(answer: SpoiledResponse) -> None:
    """`scope` is a JSON array and no text."""
    answer.change(scope=str(answer.members().get("scope", "")).split())


@failure(ANSWER, ENDPOINT, expects=EITHER)
def active_alone(answer: SpoiledResponse) -> None:
    """The answer has `active` alone: everything else is optional."""
    answer.put({"active": answer.members().get("active", False)})

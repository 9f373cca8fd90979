"""Failures of token introspection."""

from __future__ import annotations

from devidp.faults.failures.registry import Answer, failure

ENDPOINT = "introspect"
ANSWER = "RFC 7662 section 2.2"


@failure("RFC 7662 section 2.3", ENDPOINT, before=True)
def credentials_refused(answer: Answer) -> None:
    """401, as if the resource server had lost its credentials."""
    answer.response.status_code = 401
    answer.put({"error": "invalid_client", "error_description": "A test asked for this error"})
    answer.response.headers["WWW-Authenticate"] = "Basic"


@failure(ANSWER, ENDPOINT)
def inactive(answer: Answer) -> None:
    """Every token is inactive."""
    answer.put({"active": False})


@failure(ANSWER, ENDPOINT)
def active_string(answer: Answer) -> None:
    """`active` is the string "true" or "false"."""
    members = answer.members()
    answer.put({**members, "active": str(members.get("active", False)).lower()})


@failure(ANSWER, ENDPOINT)
def active_missing(answer: Answer) -> None:
    """`active` is missing."""
    answer.put({name: value for name, value in answer.members().items() if name != "active"})


@failure(ANSWER, ENDPOINT)
def scope_narrower(answer: Answer) -> None:
    """`scope` names one scope less than the token has."""
    members = answer.members()
    answer.put({**members, "scope": " ".join(str(members.get("scope", "")).split()[:-1])})


@failure(ANSWER, ENDPOINT)
def scope_empty(answer: Answer) -> None:
    """`scope` is empty, whatever the token says of itself."""
    answer.put({**answer.members(), "scope": ""})


@failure(ANSWER, ENDPOINT)
def sub_of_another(answer: Answer) -> None:
    """`sub` and `username` are those of somebody else."""
    answer.put({**answer.members(), "sub": "somebody-else", "username": "somebody-else"})

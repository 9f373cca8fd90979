"""Faults of tokens and failures of endpoints: the catalogues, and those that wait for their requests."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from devidp.faults import FAULTS
from devidp.faults.failures import FAILURES, LIMITS
from devidp.faults.failures.expectation import Duty, Severity
from devidp.store.overrides import Match
from devidp.web.api.operation import Body, Nothing, Result, operation
from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError


class FaultInfo(Result):
    """A way for a token to be wrong."""

    name: str
    group: str
    description: str
    section: str
    """What of which specification it breaks."""
    status: int
    """What a correct resource server answers."""
    level: Literal["must", "should"]
    """`must`: no verifier may accept it; `should`: a strict one refuses it, and a lenient one has an excuse."""
    evidence: Literal["token", "context"]
    """`token`: the token and the JWK Set show it; `context`: only the issuer, or the application's own data, does."""
    applies_to: list[str]
    """The types of token that it can spoil; the first is its default."""


class Faults(Result):
    """Every fault."""

    faults: list[FaultInfo]


class ExpectationInfo(Result):
    """What a client that meets a failure has to do."""

    duty: Duty
    """`refuse`: stop; `ignore`: go on and succeed; `retry`: try again and succeed; `report`: end with an error;
    `either`: both are right; `avoid`: never follow where the answer leads."""
    severity: Severity
    """Of a client that does otherwise."""
    why: str
    """The consequence of that; empty where there is none."""


class FailureInfo(Result):
    """A way for an answer of an endpoint to be wrong."""

    name: str
    group: str
    description: str
    section: str
    endpoints: list[str]
    """Where it can happen; everywhere, where none is named."""
    options: dict[str, Annotated[str, BeforeValidator(lambda kind: kind.__name__)]]
    """What it can be told, and of which type."""
    expects: ExpectationInfo


class FailureCatalogue(Result):
    """Every failure."""

    catalogue: list[FailureInfo]


Probability = Annotated[float, Field(gt=0, le=1, description="How likely it happens to a request that matches")]
Times = Annotated[int | None, Field(ge=1, description="How often; null: until it is cleared")]


class MatchRequest(Body):
    """Which requests are meant; what is left out means any."""

    times: Times = 1
    probability: Probability = 1.0
    client: str | None = None
    user: str | None = None
    issuer: str | None = None
    grant: str | None = None
    """A grant type, such as `refresh_token`."""
    state: str | None = None
    """The `state` of the authorization request."""


class ArmRequest(MatchRequest):
    """A fault for the next tokens of real flows."""

    fault: str
    token_type: Literal["access", "id", "logout", "id-jag"] | None = None
    """Which token of a flow; without it the one in `access_token`, or the ID token for a fault of ID tokens."""


def _within(option: str) -> Any:
    lowest, highest = LIMITS[option]
    return Field(ge=lowest, le=highest)


class FailureRequest(MatchRequest):
    """A failure for the next answers of an endpoint. The members after `failure` are its options."""

    endpoint: str
    failure: str | None = None
    """May be left out where an option says it: `error`, `status`, `seconds`, `retry_after`, `field`, `to`."""
    error: str | None = None
    description: str | None = None
    status: Annotated[int | None, _within("status")] = None
    retry_after: Annotated[int | None, _within("retry_after")] = None
    seconds: Annotated[float | None, _within("seconds")] = None
    field: str | None = None
    to: str | None = None
    """A URL to which the answer leads: an origin, or with a path the whole URL."""


def _criteria(match: Match) -> dict[str, str]:
    return {name: value for name, value in asdict(match).items() if value is not None}


class ScriptedAnswer(Result):
    """Something scripted that waits for its requests."""

    id: int
    name: str
    endpoint: str
    token_type: str
    """Of an armed fault, where it is not its default."""
    probability: float
    times: int | None
    """How often it will still happen; null: until it is cleared."""
    fired: int
    """How often it has happened."""
    match: Annotated[dict[str, str], BeforeValidator(_criteria)]
    options: dict[str, Any]


class ScriptedAnswers(Result):
    """Everything that waits, and what has waited."""

    waiting: list[ScriptedAnswer]
    spent: list[ScriptedAnswer]
    """Those that have happened as often as they were to, the newest first."""


class Cleared(Result):
    """How many were forgotten."""

    cleared: int


def _id(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ControlError(f"id: got {text!r}, expected the number in the answer that armed it")
    return int(text)


@operation(Nothing, Faults)
def faults(_: Controller, __: Nothing) -> Any:
    """List the faults that a token can have."""
    return {"faults": list(FAULTS.values())}


@operation(Nothing, FailureCatalogue)
def failures(_: Controller, __: Nothing) -> Any:
    """List the failures that endpoints can have."""
    return {"catalogue": list(FAILURES.values())}


@operation(ArmRequest, ScriptedAnswer)
def arm(control: Controller, body: ArmRequest) -> Any:
    """Spoil the next tokens that real flows get."""
    return control.arm(**body.keywords())


@operation(Nothing, ScriptedAnswers)
def armed(control: Controller, _: Nothing) -> Any:
    """List the armed faults that wait."""
    return {"waiting": control.armed.waiting(), "spent": control.armed.spent()}


@operation(Nothing, Cleared)
def disarm(control: Controller, _: Nothing) -> Any:
    """Forget every armed fault."""
    return {"cleared": control.armed.clear()}


@operation(Nothing, Cleared)
def disarm_one(control: Controller, _: Nothing, **path: str) -> Any:
    """Forget one armed fault."""
    return {"cleared": control.armed.clear(_id(path["id"]))}


@operation(FailureRequest, ScriptedAnswer)
def fail(control: Controller, body: FailureRequest) -> Any:
    """Spoil the next answers of an endpoint."""
    return control.failures.fail(**body.keywords())


@operation(Nothing, ScriptedAnswers)
def scripted_failures(control: Controller, _: Nothing) -> Any:
    """List the failures that wait."""
    return {"waiting": control.failures.waiting(), "spent": control.failures.spent()}


@operation(Nothing, Cleared)
def clear(control: Controller, _: Nothing) -> Any:
    """Forget every failure."""
    return {"cleared": control.failures.clear()}


@operation(Nothing, Cleared)
def clear_one(control: Controller, _: Nothing, **path: str) -> Any:
    """Forget one failure."""
    return {"cleared": control.failures.clear(_id(path["id"]))}

"""Armed faults and scripted failures: added, listed, cleared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from devidp.store.overrides import Scripted
from devidp.web.api.operation import Body, Nothing, OperationCall, Result, given, operation
from devidp.web.control import ControlError

Times = Annotated[int | None, Field(ge=1, description="How often; null: until it is cleared")]


class Matched(Body):
    """Which requests are meant; what is left out means any."""

    times: Times = 1
    client: str | None = None
    user: str | None = None
    issuer: str | None = None
    grant: str | None = None
    """A grant type, such as `refresh_token`."""
    state: str | None = None
    """The `state` of the authorization request."""


class ArmRequest(Matched):
    """A fault for the next tokens of real flows."""

    fault: str


class FailureRequest(Matched):
    """A failure for the next answers of an endpoint. The members after `failure` are its options."""

    endpoint: str
    failure: str | None = None
    """May be left out where an option says it: `error`, `status`, `seconds`, `retry_after`, `field`."""
    error: str | None = None
    description: str | None = None
    status: Annotated[int | None, Field(ge=200, le=599)] = None
    retry_after: Annotated[int | None, Field(ge=0)] = None
    seconds: Annotated[float | None, Field(ge=0, le=120)] = None
    field: str | None = None


class Waiting(Result):
    """Something scripted that waits for its requests."""

    id: int
    name: str
    endpoint: str
    times: int | None
    """How often it will still happen; null: until it is cleared."""
    match: dict[str, str]
    options: dict[str, Any]


class AllWaiting(Result):
    """Everything that waits."""

    waiting: list[Waiting]


class Cleared(Result):
    """How many were forgotten."""

    cleared: int


def shown(each: Scripted) -> Waiting:
    match = {name: getattr(each.match, name) for name in ("client", "user", "issuer", "grant", "state")}
    return Waiting(
        id=each.id,
        name=each.name,
        endpoint=each.endpoint,
        times=each.times,
        match={name: value for name, value in match.items() if value is not None},
        options=dict(each.options),
    )


def _all(waiting: Iterable[Scripted]) -> AllWaiting:
    return AllWaiting(waiting=[shown(each) for each in waiting])


def _number(path: Mapping[str, str]) -> int:
    if not path["id"].isascii() or not path["id"].isdigit():
        raise ControlError(f"the id is {path['id']!r}; expected the number that arming it answered")
    return int(path["id"])


@operation("POST", "/arm", ArmRequest, Waiting, 201)
def arm(call: OperationCall[ArmRequest]) -> Waiting:
    """Spoil the next tokens that real flows get."""
    return shown(call.control.arm(**given(call.body)))


@operation("GET", "/arm", Nothing, AllWaiting)
def armed(call: OperationCall[Nothing]) -> AllWaiting:
    """List the armed faults that wait."""
    return _all(call.control.armed.waiting())


@operation("DELETE", "/arm", Nothing, Cleared)
def disarm(call: OperationCall[Nothing]) -> Cleared:
    """Forget every armed fault."""
    return Cleared(cleared=call.control.armed.clear())


@operation("DELETE", "/arm/{id}", Nothing, Cleared)
def disarm_one(call: OperationCall[Nothing]) -> Cleared:
    """Forget one armed fault."""
    return Cleared(cleared=call.control.armed.clear(_number(call.path)))


@operation("POST", "/failures", FailureRequest, Waiting, 201)
def fail(call: OperationCall[FailureRequest]) -> Waiting:
    """Spoil the next answers of an endpoint."""
    return shown(call.control.failures.fail(**given(call.body)))


@operation("GET", "/failures", Nothing, AllWaiting)
def failing(call: OperationCall[Nothing]) -> AllWaiting:
    """List the failures that wait."""
    return _all(call.control.failures.waiting())


@operation("DELETE", "/failures", Nothing, Cleared)
def clear(call: OperationCall[Nothing]) -> Cleared:
    """Forget every failure."""
    return Cleared(cleared=call.control.failures.clear())


@operation("DELETE", "/failures/{id}", Nothing, Cleared)
def clear_one(call: OperationCall[Nothing]) -> Cleared:
    """Forget one failure."""
    return Cleared(cleared=call.control.failures.clear(_number(call.path)))

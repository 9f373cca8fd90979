"""What an operation of the API is, and the decorator that makes a function one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from devidp.web.control import Controller


class Body(BaseModel):
    """The JSON object of a request; a member that it does not have is refused."""

    # built and described when they are first used: a start needs none of them
    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


class Nothing(Body):
    """No members."""


class Result(BaseModel):
    """The JSON object of an answer."""

    model_config = ConfigDict(defer_build=True)


Taken = TypeVar("Taken", bound=Body)


@dataclass(frozen=True, slots=True)
class OperationCall(Generic[Taken]):
    """A call: the controller, the checked body or query, and the parts of the path."""

    control: Controller
    body: Taken
    path: Mapping[str, str]


Call = Callable[[OperationCall[Any]], Result]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address. ``takes`` is the body of POST and PATCH, and the query of GET and DELETE."""

    method: str
    path: str
    takes: type[Body]
    gives: type[Result]
    summary: str
    call: Call = field(repr=False)
    status: int = 200

    @property
    def name(self) -> str:
        return f"{self.method.lower()}{self.path.replace('/', '-').replace('{', '').replace('}', '')}"


OPERATIONS: list[Operation] = []


def operation(
    method: str, path: str, takes: type[Body], gives: type[Result], status: int = 200
) -> Callable[[Call], Call]:
    """Register the function; its docstring is the summary."""

    def register(call: Call) -> Call:
        summary = " ".join((call.__doc__ or "").split())
        OPERATIONS.append(Operation(method, path, takes, gives, summary, call, status))
        return call

    return register


def given(body: Body) -> Mapping[str, Any]:
    """What the caller has sent, and nothing that was left out."""
    return body.model_dump(exclude_unset=True)

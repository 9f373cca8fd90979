"""What an operation of the API is, and the decorator that makes a function one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """The JSON object of a request; a member that it does not have is refused."""

    # built and described when they are first used: a start needs none of them
    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)

    def keywords(self) -> dict[str, Any]:
        """The members that were sent."""
        return self.model_dump(exclude_unset=True)


class Nothing(Body):
    """No members."""


class Result(BaseModel):
    """The JSON object of an answer, read from the members of a mapping or the attributes of a record."""

    model_config = ConfigDict(defer_build=True, from_attributes=True)


Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address. ``takes`` is the body of POST and PATCH, and the query of GET and DELETE.

    ``call`` gets the controller, the checked body or query, and the parts of the path as keywords; what it returns
    becomes ``gives``.
    """

    method: str
    path: str
    takes: type[Body]
    gives: type[Result]
    summary: str
    call: Callable[..., Any] = field(repr=False)
    status: int = 200

    @property
    def name(self) -> str:
        return f"{self.method.lower()}{self.path.replace('/', '-').replace('{', '').replace('}', '')}"


OPERATIONS: list[Operation] = []


def operation(
    method: str, path: str, takes: type[Body], gives: type[Result], status: int = 200
) -> Callable[[Function], Function]:
    """Register the function; its docstring is the summary."""

    def register(call: Function) -> Function:
        summary = " ".join((call.__doc__ or "").split())
        OPERATIONS.append(Operation(method, path, takes, gives, summary, call, status))
        return call

    return register

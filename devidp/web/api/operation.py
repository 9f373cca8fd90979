"""What the operations of the API take and give: the base of their models, and the decorator that names them."""

from __future__ import annotations

from collections.abc import Callable
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
_MODELS: dict[Callable[..., Any], tuple[type[Body], type[Result]]] = {}


def operation(takes: type[Body], gives: type[Result]) -> Callable[[Function], Function]:
    """Say what the function takes, the body of POST and PATCH or the query of GET and DELETE, and what it gives.

    It is called with the controller, the checked body or query, and the parts of the path as keywords; what it returns
    becomes ``gives``. Its docstring is the summary.
    """

    def register(function: Function) -> Function:
        _MODELS[function] = takes, gives
        return function

    return register


def models(function: Callable[..., Any]) -> tuple[type[Body], type[Result]]:
    """What it takes and gives."""
    return _MODELS[function]

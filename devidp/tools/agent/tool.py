"""What a tool is, whatever it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from devidp.seed.schema import describe_members
from devidp.web.api.operation import Body
from devidp.web.api_client import ApiClient

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tool:
    """What an assistant is shown of a tool, and what it does."""

    name: str
    description: str
    schema: Mapping[str, Any]
    """Of its arguments, as JSON Schema."""
    run: Callable[[ApiClient, Arguments], dict[str, Any]]
    """Raises ApiError, OAuthError."""
    changes: bool = False
    """Whether devidp, or the server that is called, may be another afterwards."""
    destroys: bool = False
    """Whether something is lost by it."""


def schema_of(model: type[Body]) -> dict[str, Any]:
    """The members of ``model`` as JSON Schema."""
    schema = {"type": "object", "properties": {}, **model.model_json_schema()}
    describe_members(schema, model)
    return {name: value for name, value in schema.items() if name not in ("title", "description")}

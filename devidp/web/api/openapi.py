"""The OpenAPI 3.1 description, made of the operations themselves."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from devidp import __version__
from devidp.seed.schema import describe_members, subclasses
from devidp.web.api.operation import Body, Nothing, Result
from devidp.web.api.table import OPERATIONS, Operation

REFUSALS = {
    "400": "The request makes no sense; `error_description` says what it got and what it expected",
    "403": "The caller may not call the control API",
    "404": "Something is named that is not there",
}
ERROR = {
    "type": "object",
    "required": ["error", "error_description"],
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
}


@cache
def document(prefix: str) -> dict[str, Any]:
    models: list[type[BaseModel]] = [model for each in OPERATIONS for model in (each.takes, each.gives)]
    _, schemas = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(models)], ref_template="#/components/schemas/{model}"
    )
    for model in (*subclasses(Body), *subclasses(Result)):
        for base in model.__mro__:
            if issubclass(base, Body | Result):
                describe_members(schemas["$defs"].get(model.__name__, {}), base)
    paths: dict[str, dict[str, Any]] = {}
    for each in OPERATIONS:
        paths.setdefault(f"{prefix}{each.path}", {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "devidp control API",
            "version": __version__,
            "description": "For programs on the same machine; elsewhere with the bearer token that devidp prints.",
        },
        "paths": paths,
        "components": {"schemas": {**schemas["$defs"], "Error": ERROR}},
    }


def _operation(each: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": each.name,
        "summary": each.summary,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
            for name in re.findall(r"\{(\w+)\}", each.path)
        ],
        "responses": {
            str(each.status): _content("Done", {"$ref": f"#/components/schemas/{each.gives.__name__}"}),
            **{status: _content(text, {"$ref": "#/components/schemas/Error"}) for status, text in REFUSALS.items()},
        },
    }
    if each.method in ("POST", "PATCH"):
        reference = {"$ref": f"#/components/schemas/{each.takes.__name__}"}
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": reference}}}
    elif each.takes is not Nothing:
        schema = each.takes.model_json_schema()
        describe_members(schema, each.takes)
        described["parameters"] += [
            {"name": name, "in": "query", "required": False, "schema": _without_null(member)}
            for name, member in schema["properties"].items()
        ]
    return described


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query has no null: a parameter is there or not."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind.get("type") != "null"]
    return kinds[0] if kinds else {name: value for name, value in schema.items() if name not in ("title", "default")}


def _content(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}

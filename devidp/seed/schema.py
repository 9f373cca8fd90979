"""The JSON Schema of a seed, for editors."""

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from devidp.seed.entries import Entry
from devidp.seed.fields import WRITTEN_AS_TEXT
from devidp.seed.from_file import names_file
from devidp.seed.root import Root

DIALECT = "https://json-schema.org/draft/2020-12/schema"


VARIABLE = {"type": "string", "pattern": r"\$\{"}


def json_schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) of seed files, with the description of every key."""
    schema: dict[str, Any] = _or_variable(_json_schema())
    return schema


def _or_variable(schema: Any) -> Any:
    """``schema`` with a variable in place of each value that is no text."""
    if isinstance(schema, list):
        return [_or_variable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "enum" in schema or schema.get("type") in ("boolean", "integer"):
        about = {name: schema[name] for name in ("description", "default") if name in schema}
        value = {name: content for name, content in schema.items() if name not in about}
        return {**about, "anyOf": [value, VARIABLE]}
    return {name: _or_variable(value) for name, value in schema.items()}


def _json_schema() -> dict[str, Any]:
    schema = Root.model_json_schema()
    describe_members(schema, Root)
    for model in subclasses(Entry):
        describe_members(schema["$defs"].get(model.__name__, {}), model)
    return {"$schema": DIALECT, **_plain(schema), "title": "devidp seed"}


def entry_properties(entry: type[Entry]) -> dict[str, Any]:
    """The keys of ``entry`` in JSON, where all text has quotes; each may be ``null``, as if it were left out."""
    definitions = _json_schema()["$defs"]
    return {
        name: {"description": key.pop("description", ""), "anyOf": [_in_json(key, definitions), {"type": "null"}]}
        for name, key in definitions[entry.__name__]["properties"].items()
        if not names_file(name)
    }


def _in_json(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """``schema`` with its references replaced by what they stand for."""
    if isinstance(schema, list):
        return [_in_json(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _in_json(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if schema.get("type") == WRITTEN_AS_TEXT:
        return {**schema, "type": "string"}
    return {name: _in_json(value, definitions) for name, value in schema.items() if name != "default"}


def subclasses(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        yield model
        yield from subclasses(model)


def describe_members(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Give each member of ``model`` the docstring of its attribute, which pydantic itself would read at the import."""
    for each in reversed(model.mro()):
        for name, text in _docstrings(each).items() if issubclass(each, BaseModel) else ():
            if name in schema.get("properties", {}):
                schema["properties"][name]["description"] = text


@cache
def _docstrings(model: type[BaseModel]) -> dict[str, str]:
    try:
        source = inspect.getsource(model)
    except OSError:
        return {}  # made by create_model, which is told the descriptions
    body = ast.parse(source).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for attribute, below in pairwise(body.body):
        match attribute, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = inspect.cleandoc(text)
    return found


def _plain(schema: Any) -> Any:
    """``schema`` without generated titles, and without the ``null`` that stands for a key that is left out."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {name: _plain(value) for name, value in schema.items() if not (name == "title" and isinstance(value, str))}
    if "default" in result and result["default"] is None and "anyOf" in result:
        del result["default"]
        kinds = [kind for kind in result.pop("anyOf") if kind != {"type": "null"}]
        result |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    return result

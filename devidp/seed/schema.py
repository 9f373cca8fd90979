"""The JSON Schema of a seed, for editors."""

from __future__ import annotations

from typing import Any

from devidp.seed.root import Root

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) of seed files, with the description of every key."""
    schema = _without_absent(Root.model_json_schema())
    return {"$schema": DIALECT, **schema}


def _without_absent(schema: Any) -> Any:
    """``schema`` without the ``null`` that stands for a key that is left out: a key without a value is refused."""
    if isinstance(schema, list):
        return [_without_absent(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {name: _without_absent(value) for name, value in schema.items()}
    if "default" in result and result["default"] is None and "anyOf" in result:
        del result["default"]
        kinds = [kind for kind in result.pop("anyOf") if kind != {"type": "null"}]
        result |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    return result

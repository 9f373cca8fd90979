"""The JSON Schema of a seed, for editors."""

from __future__ import annotations

from typing import Any

from devidp.seed.root import Root

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) of seed files, with the description of every key."""
    return {"$schema": DIALECT, **_plain(Root.model_json_schema()), "title": "devidp seed"}


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

"""What a person types into a form, read strictly: each refusal says where the mistake is."""

from __future__ import annotations

import json
from typing import Any

from devidp.oauth import ijson
from devidp.seed.problems import describe
from devidp.web.control.errors import ControlError


def json_object(text: str, what: str) -> dict[str, Any]:
    """The object that ``text`` is, nothing for an empty one; raises ControlError with line, column and the line."""
    if not text.strip():
        return {}
    try:
        value = ijson.without_duplicates(text)
    except json.JSONDecodeError as error:
        line = text.splitlines()[error.lineno - 1] if text.splitlines()[error.lineno - 1 :] else ""
        raise ControlError(
            f"{what}: line {error.lineno}, column {error.colno}: {error.msg}, got {line.strip()[:60]!r}. "
            f"JSON needs double quotes around names and text, and no comma before a closing bracket"
        ) from None
    except (ValueError, RecursionError) as error:
        raise ControlError(f"{what}: {error}; correct it") from None
    if not isinstance(value, dict):
        raise ControlError(f'{what}: {describe(value)}, expected an object such as {{"email": "alice@acme.example"}}')
    return value


def words(text: str) -> list[str]:
    """Words between spaces, commas or lines."""
    return text.replace(",", " ").split()


def items(text: str) -> list[str]:
    """What stands between commas or lines; it may have spaces."""
    return [item for each in text.replace("\n", ",").split(",") if (item := each.strip())]


def written(value: Any) -> str:
    """``value`` as JSON for people to read and edit."""
    return json.dumps(value, indent=2, ensure_ascii=False)

"""Types of single values: what is accepted for them, and the words in which anything else is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_before_validator_function

from devidp.seed.problems import Refused, describe, describe_kind, join_names, suggestion
from devidp.seed.values import UNQUOTED
from devidp.system import durations

T = TypeVar("T")

MAX_DIGITS = 9
MAX_SECONDS = 100 * 365 * 86400
DOTS = (".", "..")
"""No path of a URL can hold them as a part."""
TRUE = frozenset({"true", "yes", "on"})
FALSE = frozenset({"false", "no", "off"})


class Before:
    """Has ``check``, a function of the value alone, look at a value before its type does.

    pydantic's BeforeValidator would look for further parameters first, which is 5 ms of a start.
    """

    def __init__(self, check: Callable[[object], object]) -> None:
        self._check = check

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(self._check, handler(source))


class Also:
    """Adds a JSON Schema for what a validator accepts beside the type."""

    def __init__(self, *schemas: JsonSchemaValue) -> None:
        self._schemas = schemas

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(core), *self._schemas]}


def present(value: object) -> object:
    if value is None:
        raise Refused("got nothing; give it a value or remove the line")
    return value


def text(value: object) -> str:
    """Text as it was written, with or without quotes."""
    if not isinstance(value, str):
        hint = " (put it in quotes)" if isinstance(value, int | float) else ""
        raise Refused(f"{describe_kind(value)}, expected text{hint}")
    if not value:
        raise Refused("got an empty text; give it a value or remove the line")
    return str(value)


def flag(value: object) -> bool:
    """A boolean; the words of YAML 1.1 count where a boolean is expected."""
    if isinstance(value, bool):
        return value
    if isinstance(value, UNQUOTED) and value.lower() in TRUE | FALSE:
        return value.lower() in TRUE
    raise Refused(f"{describe(value)}, expected true or false, without quotes")


def duration(value: object) -> int:
    seconds = duration_or_zero(value)
    if seconds < 1:
        raise Refused(f"{describe(value)}, expected at least 1 second (1s)")
    return seconds


def duration_or_zero(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refused(f"{describe(value)}, expected {durations.EXPECTED}")
    seconds = durations.parse(value)
    if seconds > MAX_SECONDS:
        raise Refused(f"{describe(value)}, expected at most 100 years (36500d)")
    return seconds


def count(value: object) -> int:
    if isinstance(value, UNQUOTED) and value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value < 10**MAX_DIGITS:
        raise Refused(f"{describe(value)}, expected a whole number from 1 up, without quotes")
    return value


def choice(known: Iterable[str], what: str = "") -> Callable[[object], str]:
    """A validator for one of the ``known`` names."""
    names = {name: name for name in known}

    def one_of(value: object) -> str:
        if not isinstance(value, str) or value not in names:
            near = suggestion(value, names) if isinstance(value, str) else ""
            raise Refused(f"{describe(value)}, expected one of{what}: {join_names(names)}{near}")
        return names[value]

    return one_of


NULL: Mapping[str, Any] = {"type": "null"}
Bare = Before(lambda value: {} if value is None else value)
"""For an entry or a table that may be written without anything in it."""
EMPTY: Any = Field(default_factory=dict, validate_default=True)
"""Of a key that holds an entry: without it, as with an entry that says nothing."""
Maybe = Annotated[T | None, Before(present)]
WRITTEN_AS_TEXT = ["string", "number", "boolean"]
"""Types of YAML that are text where text is expected: a password of digits needs no quotes."""
Text = Annotated[str, Before(text), WithJsonSchema({"type": WRITTEN_AS_TEXT, "minLength": 1})]
Flag = Annotated[bool, Before(flag)]
Count = Annotated[int, Before(count), WithJsonSchema({"type": "integer", "minimum": 1})]

_DURATION = {"type": ["string", "integer"], "examples": ["30s", "15m", "1h30m", "30d"]}
Duration = Annotated[int, Before(duration), WithJsonSchema({**_DURATION, "minimum": 1})]
DurationOrZero = Annotated[int, Before(duration_or_zero), WithJsonSchema({**_DURATION, "minimum": 0})]

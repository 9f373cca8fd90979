"""The authentication context classes of an issuer, and how many factors each takes."""

from __future__ import annotations

from typing import Annotated

from pydantic import WithJsonSchema

from devidp.seed.fields import Also, Before, Text, count, text
from devidp.seed.problems import Refused, describe

MAX_FACTORS = 2
_CLASS = {"type": ["string", "number", "boolean"], "minLength": 1}


def _by_factors(value: object) -> object:
    """``[one, two]``, what one factor reaches and what a second one, is short for a mapping."""
    if not isinstance(value, list):
        return value
    names = list(dict.fromkeys(map(text, value)))
    if len(names) > MAX_FACTORS:
        raise Refused(
            f"got a list of {len(names)} classes, and a login here has one factor or two; map each class to its number "
            "of factors: `{low: 1, high: 2, higher: 2}`"
        )
    return {name: number for number, name in enumerate(names, 1)}


def _factors(value: object) -> int:
    number = count(value)
    if number > MAX_FACTORS:
        raise Refused(f"{describe(value)}, expected the number of factors that the class takes: 1 or 2")
    return number


AcrValues = Annotated[
    dict[Text, Annotated[int, Before(_factors), WithJsonSchema({"enum": [1, 2]})]],
    Before(_by_factors),
    Also(
        {"type": "array", "items": {"type": ["string", "number", "boolean"], "minLength": 1}, "maxItems": MAX_FACTORS}
    ),
]

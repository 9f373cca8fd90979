"""A JWT read strictly (RFC 7515, RFC 7519): what is ambiguous is refused before a key is looked for."""

from __future__ import annotations

import json
import math
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any

from devidp.tools.demo.refusal import InvalidToken

MAX_BYTES = 16 * 1024
_SEGMENTS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Compact:
    """The parts of a JWT; nothing about them is verified."""

    header: dict[str, Any]
    claims: dict[str, Any]


def read(token: str) -> Compact:
    """Raises InvalidToken."""
    if len(token) > MAX_BYTES:
        raise InvalidToken(f"The token has more than {MAX_BYTES} bytes")
    if not _SEGMENTS.fullmatch(token):
        raise InvalidToken("The token is not a signed JWT: three segments of base64url with dots between")
    header, claims, _ = token.split(".")
    return Compact(_segment("header", header), _segment("payload", claims))


def _segment(name: str, segment: str) -> dict[str, Any]:
    try:
        return parse_object(urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except ValueError as error:
        raise InvalidToken(f"The {name} of the token cannot be read: {error}") from None


def parse_object(content: bytes) -> dict[str, Any]:
    """A JSON object without members twice and numbers without end; raises ValueError."""
    try:
        value = json.loads(
            content.decode("utf-8"), object_pairs_hook=_members, parse_float=_number, parse_constant=_number
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004 - one error for all that cannot be read
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member is there twice")
    return members


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is infinite or none")
    return number

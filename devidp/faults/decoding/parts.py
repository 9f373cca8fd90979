"""The parts of a compact serialization, read with patience: what cannot be read is named."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devidp.oauth import base64url

_BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")


@dataclass(frozen=True, slots=True)
class Parts:
    """Header and claims, empty where they cannot be read, and why not."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    problems: tuple[tuple[str, str], ...] = ()
    """Sentences, each with the fault that it looks like."""
    readable: bool = True


def read(token: str) -> Parts:
    segments = token.split(".")
    if len(segments) != 3:
        return Parts({}, {}, (_segments(len(segments), token),), readable=False)
    header, *wrong_header = _object("header", segments[0])
    claims, *wrong_claims = _object("payload", segments[1])
    problems = [*wrong_header, *wrong_claims]
    if not _BASE64URL.match(segments[2]):
        problems.append(("The signature has characters that base64url does not have", "base64-padded"))
    return Parts(header or {}, claims or {}, tuple(problems), readable=header is not None and claims is not None)


def _segments(count: int, token: str) -> tuple[str, str]:
    if count == 5:
        return "It has five segments: an encrypted token (JWE), or none at all", "segments-five"
    if count == 1:
        likely = "a refresh token or an opaque access token" if len(token) > 20 else "no token"
        return f"It has no dots, so it is no JWT: {likely}", "opaque" if len(token) > 20 else "garbage"
    return f"It has {count} segments, and a signed JWT has three", "segments-two" if count == 2 else "segments-four"


def _object(name: str, segment: str) -> tuple[Any, ...]:
    """The JSON object in a segment, then problems; ``None`` in its place where there is none."""
    if not _BASE64URL.match(segment):
        return None, (f"The {name} has characters that base64url does not have", "not-base64url")
    repeated: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [key for key, _ in pairs]
        repeated.extend(key for key in dict.fromkeys(names) if names.count(key) > 1)
        return dict(pairs)

    try:
        value = json.loads(base64url.decode(segment), object_pairs_hook=members)
    except (ValueError, RecursionError):
        return None, (f"The {name} is not JSON", f"{name}-not-json")
    if not isinstance(value, dict):
        return None, (f"The {name} is JSON, but no object", f"{name}-array")
    fault = "kid-duplicate" if name == "header" else "claims-duplicate"
    return value, *((f"The {name} has {key} more than once", fault) for key in repeated)

"""The parts of a compact serialization, read leniently: what cannot be read becomes a finding."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from devidp.oauth import base64url

_BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; ``fault`` is the name of the fault that it looks like."""

    part: str
    sentence: str
    fault: str


@dataclass(frozen=True, slots=True)
class Parts:
    """Header and claims, empty where they cannot be read, and why not."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()
    readable: bool = True


def read(token: str) -> Parts:
    segments = token.split(".")
    if len(segments) != 3:
        return Parts({}, {}, (_segments(len(segments), token),), readable=False)
    findings: list[Finding] = []

    def wrong(sentence: str, fault: str) -> None:
        findings.append(Finding("shape", f"The {sentence}", fault))

    header, claims = _object("header", segments[0], wrong), _object("payload", segments[1], wrong)
    if not _BASE64URL.match(segments[2]):
        wrong("signature has characters that base64url does not have", "base64-padded")
    return Parts(header or {}, claims or {}, tuple(findings), readable=header is not None and claims is not None)


def _segments(count: int, token: str) -> Finding:
    sentence = f"It has {count} segments, and a signed JWT has three"
    fault = "segments-two" if count == 2 else "segments-four"
    if count == 5:
        sentence, fault = "It has five segments: an encrypted token (JWE), or no token", "segments-five"
    elif count == 1:
        opaque = len(token) > 20
        likely, fault = ("a refresh token or an opaque access token", "opaque") if opaque else ("no token", "garbage")
        sentence = f"It has no dots, so it is not a JWT: {likely}"
    return Finding("shape", sentence, fault)


def _object(name: str, segment: str, wrong: Callable[[str, str], None]) -> dict[str, Any] | None:
    """The JSON object in a segment; ``None`` where there is none."""
    repeated: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [key for key, _ in pairs]
        repeated.extend(key for key in dict.fromkeys(names) if names.count(key) > 1)
        return dict(pairs)

    if not _BASE64URL.match(segment):
        wrong(f"{name} has characters that base64url does not have", "not-base64url")
        return None
    try:
        value = json.loads(base64url.decode(segment), object_pairs_hook=members)
    except (ValueError, RecursionError):
        wrong(f"{name} is not JSON", f"{name}-not-json")
        return None
    if not isinstance(value, dict):
        wrong(f"{name} is JSON, but not an object", f"{name}-array")
        return None
    for key in repeated:
        wrong(f"{name} has {key} more than once", "kid-duplicate" if name == "header" else "claims-duplicate")
    return value

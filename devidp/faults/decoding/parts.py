"""The parts of a compact serialization, read leniently: what cannot be read becomes a finding."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from devidp.faults import FAULTS
from devidp.oauth import base64url

LONGEST = 16 * 1024
"""Characters of a token."""
DEEPEST = 64
"""Levels of JSON."""
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; ``fault`` is the name of the fault that it looks like."""

    part: str
    sentence: str
    fault: str

    @property
    def section(self) -> str:
        """What it violates."""
        return FAULTS[self.fault].section


@dataclass(frozen=True, slots=True)
class Parts:
    """Header and claims, empty where they cannot be read, and why not."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()
    readable: bool = True
    signature: str = ""
    """As it came."""


def read(token: str) -> Parts:
    segments = token.split(".")
    if token == "..":
        return Parts({}, {}, (Finding("shape", "It is two dots and nothing else", "segments-empty"),), readable=False)
    if len(segments) != 3:
        # the header of an encrypted token can be read, and says how it is encrypted (RFC 7516 section 3.1)
        header = _object("header", segments[0], _not_told) if len(segments) == 5 else None
        return Parts(header or {}, {}, (_segments(len(segments), token),), readable=False)
    findings: list[Finding] = []

    def wrong(sentence: str, fault: str) -> None:
        findings.append(Finding("shape", f"The {sentence}", fault))

    header, claims = _object("header", segments[0], wrong), _object("payload", segments[1], wrong)
    if not _BASE64URL.match(segments[2]):
        wrong("signature has characters that base64url does not have", "base64-padded")
    if len(token) > LONGEST:
        wrong(f"token has {len(token)} characters, more than servers take in a header", "oversized")
    return Parts(header or {}, claims or {}, tuple(findings), header is not None and claims is not None, segments[2])


def _not_told(sentence: str, fault: str) -> None:
    """For what is wrong in a token that is refused for its segments."""


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
        value = json.loads(base64url.decode(segment), object_pairs_hook=members, parse_constant=_no_number)
    except UnicodeDecodeError:
        wrong(f"{name} is not UTF-8", f"{name}-not-utf8" if name == "payload" else "header-not-json")
        return None
    except (ValueError, RecursionError):
        wrong(f"{name} is not JSON", f"{name}-not-json")
        return None
    if not isinstance(value, dict):
        wrong(
            f"{name} is JSON, but not an object",
            "payload-null" if value is None and name == "payload" else f"{name}-array",
        )
        return None
    if _is_deeper(value, DEEPEST):
        wrong(f"{name} is nested more than {DEEPEST} levels deep, and many parsers end there", f"{name}-not-json")
        return None
    for key in repeated:
        wrong(f"{name} has {key} more than once", "kid-duplicate" if name == "header" else "claims-duplicate")
    return value


def _is_deeper(value: Any, levels: int) -> bool:
    layer = [value]
    for _ in range(levels):
        inner = [each.values() if isinstance(each, dict) else each for each in layer if isinstance(each, dict | list)]
        layer = [each for members in inner for each in members]
    return bool(layer)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")

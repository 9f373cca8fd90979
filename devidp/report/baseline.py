"""What is known and accepted: a file of ids of findings, each with the reason."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

EXPECTED = 'expected {"accepted": [{"id": "accepted-expired", "reason": "…"}]}, as --save-baseline writes it'


class BaselineError(ValueError):
    """The file is no baseline; the message says what is wrong with it."""


def read(path: str | Path) -> dict[str, str]:
    """The reasons by the ids of findings. Raises BaselineError and OSError."""
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise BaselineError(f"{path}: got no JSON ({error}), {EXPECTED}") from error
    if not isinstance(found, dict) or not isinstance(found.get("accepted"), list):
        raise BaselineError(f"{path}: got {_shown(found)}, {EXPECTED}")
    reasons: dict[str, str] = {}
    for number, entry in enumerate(found["accepted"], 1):
        name, reason = _entry(path, number, entry)
        if name in reasons:
            raise BaselineError(f"{path}: entry {number} names {name} again, expected each id once")
        reasons[name] = reason
    return reasons


def text(reasons: Mapping[str, str]) -> str:
    """The file: sorted, an entry a line, so that a difference shows what changed."""
    entries = (json.dumps({"id": name, "reason": reasons[name]}) for name in sorted(reasons))
    return '{"accepted": [' + ",".join(f"\n  {entry}" for entry in entries) + "\n]}\n"


def stale(reasons: Iterable[str], found: Iterable[str]) -> list[str]:
    """The ids that were not found again."""
    return sorted(set(reasons) - set(found))


def _entry(path: str | Path, number: int, entry: Any) -> tuple[str, str]:
    known = isinstance(entry, dict) and set(entry) <= {"id", "reason"}
    if known and isinstance(entry.get("id"), str) and isinstance(entry.get("reason", ""), str):
        return entry["id"], entry.get("reason", "")
    raise BaselineError(f"{path}: entry {number}: got {_shown(entry)}, {EXPECTED}")


def _shown(value: Any) -> str:
    shown = json.dumps(value)
    return shown if len(shown) <= 80 else f"{shown[:80]}…"

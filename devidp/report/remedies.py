"""What to change: for each topic in general, and for each stack that has a knob or needs code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from devidp.oauth.suggestion import did_you_mean

FOLDER = Path(__file__).with_name("remedies")
GENERAL = "topics"
"""The file that is of no stack."""
EXAMPLE = "http://localhost:6749/default"
"""The issuer in the code of every stack."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """For one topic; of no stack where ``stack`` is empty."""

    topic: str
    stack: str
    title: str
    """What to do, in one sentence; of a stack, its name as people write it."""
    text: str
    language: str = ""
    code: str = ""


def topics() -> dict[str, str]:
    """The title of each topic."""
    return {name: entry["title"] for name, entry in _file(GENERAL).items()}


@cache
def stacks() -> dict[str, str]:
    """The title of each stack, by its name."""
    names = sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != GENERAL)
    return {name: _file(name)["title"] for name in names}


def check_stack(stack: str) -> str:
    """``stack``, if there is one of this name; raises ValueError."""
    if stack and stack not in stacks():
        hint = did_you_mean(stack, stacks())
        raise ValueError(f"got the stack {stack!r}, expected one of {', '.join(stacks())}. {hint}".rstrip())
    return stack


def find(topic: str, stack: str = "", issuer: str = EXAMPLE) -> tuple[Remedy, ...]:
    """The general one, and that of ``stack`` where it has one; none for a topic that nobody wrote about.

    The code of the stack trusts ``issuer``.
    """
    entry = _file(GENERAL).get(topic)
    if entry is None:
        return ()
    general = Remedy(topic, "", entry["title"], entry["text"])
    special = _of_stack(topic, stack) if stack else None
    if special is None:
        return (general,)
    # what ends no string of any language, and no block of code
    shown = quote(issuer, safe="/:@?&=+,;%~#[]", errors="replace")
    return general, replace(special, code=special.code.replace(EXAMPLE, shown))


def of_stacks(topic: str) -> tuple[Remedy, ...]:
    """Those of every stack that has one."""
    return tuple(found for stack in stacks() if (found := _of_stack(topic, stack)) is not None)


def _of_stack(topic: str, stack: str) -> Remedy | None:
    content = _file(stack)
    entry: Mapping[str, str] | None = content.get("topics", {}).get(topic)
    if entry is None:
        return None
    code = content["code"][entry["code"]] if "code" in entry else ""
    return Remedy(topic, stack, content["title"], entry["text"], content["language"], code)


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))

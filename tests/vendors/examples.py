"""The seeds of docs/profiles.md."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tests.real_clients.program import ROOT

TEXT = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
SECTIONS: dict[str, str] = dict(re.findall(r"(?ms)^### ([\w-]+)\n(.*?)(?=^### |\Z)", TEXT))


def examples(profile: str) -> list[str]:
    """The seeds in the section of ``profile``, as they stand there."""
    return re.findall(r"(?ms)^```yaml\n(.*?)^```", SECTIONS[profile])


def example(profile: str) -> dict[str, Any]:
    """The first one."""
    seed: dict[str, Any] = yaml.safe_load(examples(profile)[0])
    return seed

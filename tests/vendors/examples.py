"""The seeds of docs/profiles.md."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tests.real_clients.program import ROOT

TEXT = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")


def example(profile: str) -> dict[str, Any]:
    """The seed in the section of ``profile``."""
    section = re.split(r"^### ", TEXT.split(f"### {profile}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    (found,) = re.findall(r"^```yaml\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    seed: dict[str, Any] = yaml.safe_load(found)
    return seed

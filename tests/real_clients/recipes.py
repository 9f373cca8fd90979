"""The examples of the documentation, as the tests run them: with other addresses, and unchanged otherwise."""

from __future__ import annotations

import re
from typing import Any

from tests.real_clients.program import ROOT

DEVIDP = "http://localhost:6749"
SERVER = "http://localhost:8000"


def recipes(document: str, language: str) -> dict[str, str]:
    """The first block of ``language`` below each heading."""
    found: dict[str, str] = {}
    for section in re.split(r"(?m)^(?=## )", (ROOT / document).read_text(encoding="utf-8"))[1:]:
        block = re.search(rf"(?ms)^```{language}\n(.*?)^```", section)
        if block:
            found[section.splitlines()[0].removeprefix("## ")] = block[1]
    return found


def run(code: str, devidp: str, server: str = SERVER, **given: Any) -> dict[str, Any]:
    """What ``code`` has defined after it has run at these addresses."""
    defined: dict[str, Any] = {"__name__": "recipe", **given}
    exec(compile(code.replace(DEVIDP, devidp).replace(SERVER, server), "recipe", "exec"), defined)
    return defined

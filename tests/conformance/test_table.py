"""docs/conformance.md lists every module that is tested, and none that is not."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conformance.conftest import DOCUMENT


def test_the_table_has_each_module_with_its_test() -> None:
    rows = re.findall(r"^\| `(oidcc-[\w-]+)` \| [A-Z ]+ \| `(\w+\.py)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    tests = [
        (name.removeprefix("test_").replace("_", "-"), file.name)
        for file in sorted(Path(__file__).parent.glob("test_oidcc_*.py"))
        for name in re.findall(r"^def (test_oidcc_\w+)\(", file.read_text("utf-8"), re.MULTILINE)
    ]
    assert sorted(rows) == sorted(tests)

"""The FastAPI recipe of docs/pytest.md: what the whole catalogue finds in an API that trusts PyJWT's defaults."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
RECIPE = re.search(
    r"<!-- fastapi -->\n```python\n(.*?)```",
    (Path(__file__).parents[2] / "docs" / "pytest.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


def test_the_catalogue_finds_what_pyjwt_lets_in_by_default(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert RECIPE is not None
    assert RECIPE[1].count("\n") < 30
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(test_api=RECIPE[1])
    result = pytester.runpytest_subprocess(
        "-p", "devidp.pytest_plugin", "-p", "no:cacheprovider", "-q", "-rf", "--tb=no"
    )
    text = result.stdout.str()
    assert "FAILED test_api.py::test_fault[exp-missing]" in text
    assert "FAILED test_api.py::test_sound" not in text
    assert "FAILED test_api.py::test_fault[expired]" not in text
    assert "FAILED test_api.py::test_fault[audience-wrong]" not in text

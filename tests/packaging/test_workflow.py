"""The workflow that tests the other systems, which cannot run here: that it says what it should."""

from __future__ import annotations

from typing import Any

import yaml

from tests.packaging.dockerfile import ROOT

WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))


def test_three_systems_and_every_python_that_is_pinned_are_tested() -> None:
    matrix = WORKFLOW["jobs"]["systems"]["strategy"]["matrix"]
    assert [name.partition("-")[0] for name in matrix["system"]] == ["ubuntu", "macos", "windows"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert "for Python 3.11 to 3.14 on every system" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_every_test_runs_on_one_of_them_and_a_missing_tool_is_a_failure() -> None:
    step = WORKFLOW["jobs"]["everything"]["steps"][-1]
    assert (step["run"], step["env"]) == ("bash .ci/run", {"CI": "true"})


def test_what_keeps_state_runs_on_postgres() -> None:
    assert "pytest --engine PostgreSQL " in WORKFLOW["jobs"]["postgres"]["steps"][-1]["run"]


def test_it_can_only_read() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in WORKFLOW["jobs"].values())

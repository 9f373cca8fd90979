"""kill -9 under load: what was acknowledged is still there, and nothing can be used twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.durability.kill import kill_often


@pytest.mark.slow
def test_what_was_acknowledged_survives_kill_9_under_load(tmp_path: Path) -> None:
    outcome = kill_often(tmp_path, kills=3)
    assert outcome.problems == []
    assert outcome.checked > 0

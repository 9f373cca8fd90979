"""A short run of the kills of `make soak-replicas`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.replicas.kill import KILLS, ground, kill_often


@pytest.mark.slow
def test_what_was_acknowledged_survives_every_kill_under_load(tmp_path: Path) -> None:
    with ground(tmp_path) as found:
        outcome = kill_often(found, kills=len(KILLS))
    assert outcome.problems == []
    assert outcome.checked > 0

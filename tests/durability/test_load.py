"""A short run of the full load of `make soak`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.durability import load


@pytest.mark.slow
def test_full_load_with_edited_seeds_and_rotated_keys_has_no_error_that_nobody_asked_for(tmp_path: Path) -> None:
    found = load.run(tmp_path, seconds=4, step=2)
    assert found.problems == []
    assert found.reloads == 2
    assert found.answers > 0

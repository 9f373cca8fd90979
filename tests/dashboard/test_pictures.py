"""The pictures of the documentation: each is shown, each is there, and a run makes them again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.dashboard.pictures import FOLDER, named, pictures

DOCUMENTS = [FOLDER.parents[1] / "README.md", *FOLDER.parent.glob("*.md")]


@pytest.mark.slow
def test_every_picture_is_made_kept_and_shown(browser: Browser, tmp_path: Path) -> None:
    made = set(pictures(tmp_path, browser))
    assert {path.stem for path in tmp_path.iterdir()} == made
    assert {path.stem for path in FOLDER.iterdir()} == made
    assert {name for document in DOCUMENTS for name in named(document.read_text(encoding="utf-8"))} == made
    assert all(path.stat().st_size < 250_000 for path in FOLDER.iterdir())

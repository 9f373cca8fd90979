"""docs/profiles.md names every profile, as its file does, and its examples work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from devidp.seed import loads, profile

TEXT = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text(encoding="utf-8")


def test_the_table_has_every_profile_as_its_file_names_it_and_no_other() -> None:
    rows = re.findall(r"^\| \[`([\w-]+)`\]\(#([\w-]+)\) \| ([^|]+) \|", TEXT, re.MULTILINE)
    assert rows == [(name, name, profile.title(name)) for name in profile.names()]


@pytest.mark.parametrize("name", profile.names())
def test_the_section_of_a_profile_says_from_where_it_is_with_what_it_was_tried_and_what_is_missing(name: str) -> None:
    section = re.split(r"^### ", TEXT.split(f"\n### {name}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    assert "https://" in section
    assert "tried with" in section
    assert "Not modelled" in section


@pytest.mark.parametrize("text", re.findall(r"(?ms)^```yaml\n(.*?)^```$", TEXT.split("## The profiles")[0]))
def test_every_example_above_them_is_a_seed(text: str) -> None:
    loads(text, "docs/profiles.md")

"""Foreign text made harmless to read."""

from __future__ import annotations

import pytest

from devidp.web.pages.text import cut, visible


@pytest.mark.parametrize(
    "text", ["", "Zoë Müller", "שלום", "نمی\u200cبینم", "👩\u200d💻", "two\nlines\tand a tab", "漢字"]
)
def test_honest_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ali\u200dce", "ali[U+200D]ce"),
        ("\u202eecila", "[U+202E]ecila"),
        ("a\u00adb", "a[U+00AD]b"),
        ("a\x00\rb", "a[U+0000][U+000D]b"),
        ("\u3164", "[U+3164]"),
        ("\ud800", "[U+D800]"),
        ("\U000e0041", "[U+E0041]"),
    ],
)
def test_a_character_that_hides_or_reorders_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_long_text_is_cut_and_says_how_long_it_was() -> None:
    assert cut("x" * 10, 10) == "x" * 10
    assert cut("x" * 11, 10) == "x" * 10 + "… (11 characters)"

"""Durations are written with units and held in seconds."""

from __future__ import annotations

import pytest

from devidp.system import durations


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1s", 1), ("15m", 900), ("1h", 3600), ("30d", 2_592_000), ("2w", 1_209_600),
        ("1h30m", 5400), ("1d 12h", 129_600), (" 5m ", 300), ("0", 0), ("90", 90), (90, 90),
    ],
)  # fmt: skip
def test_a_number_with_units_becomes_seconds(written: str | int, seconds: int) -> None:
    assert durations.parse(written) == seconds


@pytest.mark.parametrize(
    "written",
    ["", " ", "m", "15 min", "1.5h", "-1s", "30m1h", "1h1h", "1y", "5 m s", "10:00", "٣s", "9" * 5000, "1e3", "\n"],
)
def test_anything_else_is_refused_with_what_is_expected(written: str) -> None:
    with pytest.raises(ValueError, match="15m"):
        durations.parse(written)


@pytest.mark.parametrize(
    ("written", "meant"), [("15 min", "15m"), ("15M", "15m"), ("2 hours", "2h"), ("30days", "30d"), ("1sec", "1s")]
)
def test_a_near_miss_says_what_was_meant(written: str, meant: str) -> None:
    with pytest.raises(ValueError, match=rf"did you mean {meant}\?"):
        durations.parse(written)


@pytest.mark.parametrize("written", ["100ms", "1month", "3 months"])
def test_units_that_do_not_exist_are_not_taken_for_minutes(written: str) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        durations.parse(written)
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"), (1, "1 second"), (60, "1 minute"), (900, "15 minutes"), (3600, "1 hour"),
        (5400, "1 hour 30 minutes"), (2_592_000, "30 days"), (90_061, "1 day 1 hour 1 minute 1 second"),
    ],
)  # fmt: skip
def test_seconds_become_words(seconds: int, words: str) -> None:
    assert durations.words(seconds) == words

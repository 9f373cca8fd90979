"""Suggestions for misspelt names."""

from __future__ import annotations

import pytest

from devidp.oauth.suggestion import MAX_COMPARED, did_you_mean

KNOWN = ("alice", "bob", "OpenID")


@pytest.mark.parametrize(("name", "meant"), [("alcie", "alice"), ("BBO", "bob"), ("openid", "OpenID")])
def test_the_nearest_name_is_suggested_whatever_its_case(name: str, meant: str) -> None:
    assert did_you_mean(name, KNOWN) == f"Did you mean {meant!r}? "


@pytest.mark.parametrize("name", ["", "zzz", "carol"])
def test_nothing_is_suggested_where_no_name_is_near(name: str) -> None:
    assert did_you_mean(name, KNOWN) == ""


def test_the_caller_may_word_the_hint() -> None:
    assert did_you_mean("alcie", KNOWN, "; did you mean {}?") == "; did you mean alice?"


def test_names_with_braces_stand_for_themselves() -> None:
    assert did_you_mean("{0]", ["{0}"]) == "Did you mean '{0}'? "


def test_a_great_many_names_are_not_all_compared() -> None:
    known = (f"user{number}" for number in range(MAX_COMPARED * 1000))
    assert did_you_mean("user0", known) == "Did you mean 'user0'? "
    assert next(known) == f"user{MAX_COMPARED}"

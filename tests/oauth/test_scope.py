"""Scope strings."""

from __future__ import annotations

import pytest

from devidp.oauth import scope


def test_scopes_keep_their_order_and_come_once() -> None:
    assert scope.parse("b a  b write:* ") == ("b", "a", "write:*")


@pytest.mark.parametrize("text", [None, "", "   "])
def test_no_scope_is_an_empty_tuple(text: str | None) -> None:
    assert scope.parse(text) == ()


def test_only_a_space_separates_scopes() -> None:
    assert scope.parse("a\tb\nc d") == ("a\tb\nc", "d")


@pytest.mark.parametrize("name", ["mcp:read", "write:*", "https://api.example/read", "!", "~", "[]"])
def test_a_scope_token_has_any_printable_character_but_quotes_and_backslashes(name: str) -> None:
    assert scope.is_valid(name)


@pytest.mark.parametrize("name", ["", "a b", 'a"b', "a\\b", "a\n", "é", "\x7f"])
def test_other_characters_make_no_scope_token(name: str) -> None:
    assert not scope.is_valid(name)

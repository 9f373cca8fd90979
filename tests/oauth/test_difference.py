"""What came beside what was expected."""

from __future__ import annotations

import pytest

from devidp.oauth.difference import difference, lines, words

CALLBACK = "http://localhost:3000/callback"


def marked(got: str, expected: str) -> tuple[list[str], list[str]]:
    """The parts of both that are marked."""
    found = difference(got, [expected])
    assert found is not None
    assert "".join(piece.text for piece in found.got) == got
    assert "".join(piece.text for piece in found.expected) == expected
    return [each.text for each in found.got if each.differs], [each.text for each in found.expected if each.differs]


@pytest.mark.parametrize(
    ("got", "expected", "marks"),
    [
        (f"{CALLBACK}/", CALLBACK, (["/"], [])),
        (CALLBACK, f"{CALLBACK}/", ([], ["/"])),
        ("http://localhost:8000/callback", "http://localhost:9000/callback", (["8"], ["9"])),
        ("S256", "s256", (["S"], ["s"])),
        ("wob", "web", (["o"], ["e"])),
    ],
)
def test_the_characters_that_differ_are_marked(got: str, expected: str, marks: tuple[list[str], list[str]]) -> None:
    assert marked(got, expected) == marks


def test_values_that_have_little_in_common_differ_as_a_whole() -> None:
    assert marked("https://app.example/", "urn:ietf:wg:oauth:2.0:oob") == (
        ["https://app.example/"],
        ["urn:ietf:wg:oauth:2.0:oob"],
    )


@pytest.mark.parametrize(
    ("got", "expected", "sentence"),
    [
        (f"{CALLBACK}/", CALLBACK, "What came has a slash at its end, which is not expected."),
        (CALLBACK, f"{CALLBACK}/", "The slash at the end is missing."),
        (f"{CALLBACK} ", CALLBACK, "What came has white space around it."),
        (f"{CALLBACK}\u200b", CALLBACK, "What came holds characters that cannot be seen."),
        ("http://LOCALHOST:3000/callback", CALLBACK, "Only upper and lower case differ."),
        ("https://localhost:3000/callback", CALLBACK, "Only the scheme differs: https came, expected http."),
        ("http://127.0.0.1:3000/callback", CALLBACK, "Only the host differs: 127.0.0.1 came, expected localhost."),
        ("http://localhost/callback", CALLBACK, "Only the port differs: none came, expected 3000."),
        ("http://localhost:3000/cb", CALLBACK, "Only the path differs: /cb came, expected /callback."),
        (f"{CALLBACK}?a=1", CALLBACK, "Only the query differs: a=1 came, expected none."),
        (f"{CALLBACK}#top", CALLBACK, "Only the fragment differs: top came, expected none."),
        ("https://other.example/", CALLBACK, ""),
        ("http://localhost:port/", CALLBACK, ""),
        ("plain", "S256", ""),
    ],
)
def test_a_difference_that_is_easily_overlooked_is_said(got: str, expected: str, sentence: str) -> None:
    assert words(got, expected) == sentence


def test_a_terminal_shows_one_above_the_other() -> None:
    assert list(lines("openid mcp:raed", ["openid mcp:read", "openid"])) == [
        "  came      openid mcp:raed",
        "                         ^",
        "  expected  openid mcp:read",
        "                        ^",
        "  or        openid",
    ]


def test_a_terminal_gets_no_escapes() -> None:
    assert "\x1b" not in "".join(lines("\x1b[31mweb", ["web\x1b"]))


@pytest.mark.parametrize(("got", "expected"), [("", ["web"]), ("web", [])])
def test_where_nothing_was_compared_there_is_no_difference(got: str, expected: list[str]) -> None:
    assert difference(got, expected) is None
    assert list(lines(got, expected)) == []

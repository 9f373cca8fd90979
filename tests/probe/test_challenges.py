"""``WWW-Authenticate`` is read as RFC 9110 section 11.6.1 writes it, and nothing else is."""

from __future__ import annotations

import pytest

from devidp.probe.challenges import Challenge, Malformed, parse

PARAMETERS = {"realm": "a, b", "error": "invalid_token"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        (["Bearer"], [Challenge("bearer")]),
        (["bEARER realm=plain"], [Challenge("bearer", {"realm": "plain"})]),
        (['Bearer realm="a, b", error="invalid_token"'], [Challenge("bearer", PARAMETERS)]),
        (['Bearer REALM = "a, b" ,, error="invalid_token",'], [Challenge("bearer", PARAMETERS)]),
        (['Bearer realm="a \\"quoted\\" word"'], [Challenge("bearer", {"realm": 'a "quoted" word'})]),
        (
            ['DPoP algs="ES256", Bearer error="invalid_token", Negotiate'],
            [
                Challenge("dpop", {"algs": "ES256"}),
                Challenge("bearer", {"error": "invalid_token"}),
                Challenge("negotiate"),
            ],
        ),
        (["Negotiate YII=", "Bearer"], [Challenge("negotiate"), Challenge("bearer")]),
    ],
)
def test_what_follows_the_grammar_is_read(values: list[str], expected: list[Challenge]) -> None:
    assert parse(values) == expected


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ('Bearer error="invalid_token" scope="a"', "with a comma before the next one"),
        ('Bearer error="invalid_token', "is not closed"),
        ('error="invalid_token"', "expected a scheme first"),
        ('Bearer error="a", error="b"', "error comes twice"),
        ('Bearer error_description="an é"', "characters that it may not have"),
        ('Bearer error_description="a \\"word\\""', "characters that it may not have"),
        ("Bearer realm=two words", "with a comma before the next one"),
        ("Bearer: realm", "expected a scheme"),
        ('Bearer {"error": "invalid_token"}', "with a comma before the next one"),
    ],
)
def test_what_does_not_is_shown(value: str, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        parse([value])

"""Whatever comes is a seed or a SeedError: never another exception."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devidp import seed
from devidp.models import Seed
from devidp.seed import SeedError

SHIPPED = seed.shipped_path().read_text(encoding="utf-8")
KEYS = st.sampled_from(
    ["issuers", "users", "clients", "scopes", "resources", "policy", "default", "alice", "path", "grants", "secret",
     "public", "lifetimes", "access_token", "claims", "sub", "http://x", "auto_approve", "signing_key", "deny", "x-"]
)  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


def refusal(read: Callable[[Any], Seed], given_input: object) -> SeedError | None:
    try:
        read(given_input)
    except SeedError as error:
        return error
    return None


def check(read: Callable[[Any], Seed], given_input: object) -> None:
    error = refusal(read, given_input)
    assert error is None or (error.problems and str(error))


@given(st.text(alphabet="ab:-[]{}&*<>#'\"|!%@`,? \t\n\r\\~=0.\u00e9\u2028\ufeff\x00\x85", max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    check(seed.loads, text)


@given(st.binary(max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    check(seed.loads, data.decode("utf-8", "surrogateescape"))


@given(st.dictionaries(KEYS, VALUES, max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_mapping_is_read_or_refused(data: dict[str, Any]) -> None:
    check(seed.from_mapping, data)


@pytest.mark.parametrize("number", range(60))
def test_the_shipped_seed_with_something_changed_is_read_or_refused(number: int) -> None:
    chance = random.Random(number)
    text = SHIPPED
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text))
        end = start + chance.choice((0, 1, 1, 5, 40))
        text = (
            text[:start]
            + chance.choice(("", " ", "\n", ":", "- ", "{", "]", "*a", "&a ", "no", "'", "\t", "0"))
            + text[end:]
        )
    check(seed.loads, text)

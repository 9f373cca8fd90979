"""Request parameters: decoded strictly, each given once."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devidp.oauth.errors import InvalidRequest
from devidp.oauth.parameters import MAX_PARAMETERS, Parameters, decode

PAIRS = st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=MAX_PARAMETERS)


def test_plus_and_percent_encoding_are_decoded() -> None:
    assert decode(b"a=1+2%20%C3%A9&b=%00", "body").pairs() == [("a", "1 2 é"), ("b", "\0")]


def test_a_parameter_without_a_value_counts_as_omitted() -> None:
    parameters = decode(b"a=&b&c=1", "query")
    assert dict(parameters) == {"c": "1"}
    assert len(parameters) == 1


def test_resources_and_audiences_may_be_repeated() -> None:
    parameters = decode(b"resource=a&resource=b&resource=a&audience=x&audience=y", "body")
    parameters.refuse_repeated()
    assert parameters.all("resource") == ("a", "b")


def test_any_other_parameter_may_not() -> None:
    with pytest.raises(InvalidRequest, match="'scope' came 2 times"):
        decode(b"scope=a&scope=a", "body").refuse_repeated()


def test_an_empty_repetition_is_none() -> None:
    decode(b"scope=a&scope=", "body").refuse_repeated()


@pytest.mark.parametrize("raw", [b"a=%ff", b"a=\xff", b"%c3=1", b"a=%ed%a0%80"])
def test_what_is_not_utf_8_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidRequest, match="The body is not UTF-8"):
        decode(raw, "body")


def test_more_parameters_than_anybody_needs_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="The query has more than 100 parameters"):
        decode(b"&".join(b"a%d=1" % number for number in range(MAX_PARAMETERS + 1)), "query")


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(InvalidRequest, match="The parameter 'token' is missing") as refused:
        Parameters().required("token", "RFC 7009 section 2.1")
    assert refused.value.description == "The parameter 'token' is missing. Send 'token'. See RFC 7009 section 2.1."


@given(PAIRS)
def test_encoding_and_decoding_come_back_to_the_same(pairs: list[tuple[str, str]]) -> None:
    parameters = decode(urlencode(pairs).encode(), "body")
    assert decode(parameters.encode().encode(), "pushed request").pairs() == parameters.pairs()


@given(st.binary())
def test_any_bytes_are_decoded_or_refused(raw: bytes) -> None:
    with suppress(InvalidRequest):
        decode(raw, "body")

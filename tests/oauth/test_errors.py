"""The one error type: what its descriptions may hold, and what each class stands for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devidp.oauth import errors
from devidp.oauth.errors import InvalidRequest, OAuthError, quoted

PERMITTED = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]*")

STATUS = {
    errors.InvalidClient: 401,
    errors.InvalidToken: 401,
    errors.InsufficientScope: 403,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
    errors.ContentTooLarge: 413,
    errors.TooManyFailedLogins: 429,
    errors.MisdirectedRequest: 421,
    errors.ServerError: 500,
    errors.TemporarilyUnavailable: 503,
}


def test_a_description_is_the_reason_the_remedy_and_the_section() -> None:
    error = InvalidRequest("'a' is missing", remedy="Send 'a'!", section="RFC 1 section 2")
    assert error.description == "'a' is missing. Send 'a'! See RFC 1 section 2."
    assert error.body() == {"error": "invalid_request", "error_description": error.description}


@given(st.text(), st.text(), st.text())
def test_a_description_has_only_the_characters_of_rfc_6749(reason: str, remedy: str, section: str) -> None:
    assert PERMITTED.fullmatch(InvalidRequest(reason, remedy=remedy, section=section).description)


def test_a_long_value_is_cut_with_its_length() -> None:
    assert quoted("x" * 201) == f"'{'x' * 200}... (201 characters)'"
    assert quoted("x" * 200) == f"'{'x' * 200}'"


OWN = [cls for cls in OAuthError.__subclasses__() if cls.__module__ == errors.__name__]


# which code a scripted error has is up to whoever scripts it
@pytest.mark.parametrize("cls", [cls for cls in OWN if cls is not errors.ScriptedError])
def test_every_class_has_a_code_a_meaning_and_the_status_of_its_specification(cls: type[OAuthError]) -> None:
    error = cls("why")
    assert re.fullmatch(r"[a-z_]+", error.code)
    assert cls.__doc__
    assert error.http_status == STATUS.get(cls, 400)

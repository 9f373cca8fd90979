"""A value without quotes is what it looks like, or it is refused; never something else."""

from __future__ import annotations

import pytest

from tests.seed.reading import mistake, mistakes, read, user

SURPRISES = ["1234", "0123", "1e3", "12:30:45", "yes", "no", "on", "off", "true", "1990-01-31", "1_000", "0x1F", ".5"]


@pytest.mark.parametrize("written", [*SURPRISES, "+15550100"])
def test_a_password_is_the_text_that_was_written(written: str) -> None:
    assert user(f"{{password: {written}}}").password == written


@pytest.mark.parametrize("written", SURPRISES)
def test_names_are_the_text_that_was_written(written: str) -> None:
    found = read(f"users: {{{written}: }}\nscopes: {{{written}: }}")
    assert list(found.issuers[0].users) == [written]
    assert list(found.scopes) == [written]


@pytest.mark.parametrize("written", SURPRISES)
def test_quotes_change_nothing_for_text(written: str) -> None:
    assert user(f"{{password: '{written}'}}") == user(f"{{password: {written}}}")


@pytest.mark.parametrize(
    ("written", "read_as"), [("yes", True), ("On", True), ("TRUE", True), ("no", False), ("off", False)]
)
def test_words_mean_booleans_where_a_boolean_is_expected(written: str, read_as: bool) -> None:
    assert user(f"{{disabled: {written}}}").disabled is read_as


@pytest.mark.parametrize("written", ["'true'", "1", "y", "maybe", "[]", ""])
def test_other_booleans_are_refused(written: str) -> None:
    assert mistake(f"users: {{alice: {{disabled: {written}}}}}").path == "users.alice.disabled"


@pytest.mark.parametrize(
    ("written", "claim"),
    [
        ("admin", "admin"), ("true", True), ("False", False), ("3", 3), ("-3", -3), ("0.5", 0.5), ("null", None),
        ("", None), ("1990-01-31", "1990-01-31"), ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z"), ("'no'", "no"),
        ("'0123'", "0123"), ("=", "="), ("10.0.0.1", "10.0.0.1"), ("y", "y"), ("v1", "v1"), ("1a2", "1a2"),
        ("[a, {b: [1]}]", ["a", {"b": [1]}]),
    ],
)  # fmt: skip
def test_claims_are_the_json_that_was_written(written: str, claim: object) -> None:
    found = user(f"{{claims: {{custom: {written}}}}}").claims["custom"]
    assert (found, type(found)) == (claim, type(claim))


@pytest.mark.parametrize(
    "written",
    ["no", "Yes", "on", "OFF",
     "0123", "+15550100", "1.10", "1e5", "1.5e3", "12:30", "12:30.5", "1_000", "0x1F", "0b1", "0o17",
     ".5", "1.", ".inf", "-.INF", ".nan", "9" * 5000],
)  # fmt: skip
def test_claims_that_could_be_read_in_two_ways_are_refused(written: str) -> None:
    problem = mistake(f"users:\n  alice:\n    claims:\n      deep: {{list: [ok, {written}]}}")
    assert (problem.line, problem.path) == (4, "users.alice.claims.deep.list[1]")
    assert "quotes" in problem.message


def test_standard_claims_are_what_openid_connect_says_they_are() -> None:
    claims = user(
        "{claims: {phone_number: +15550100, locale: no, birthdate: 1990-01-31,"
        " address: {postal_code: 01234, country: NO}, email_verified: yes,"
        " phone_number_verified: off, updated_at: 1700000000}}"
    ).claims
    assert claims == {
        "phone_number": "+15550100",
        "locale": "no",
        "birthdate": "1990-01-31",
        "address": {"postal_code": "01234", "country": "NO"},
        "email_verified": True,
        "phone_number_verified": False,
        "updated_at": 1700000000,
    }


@pytest.mark.parametrize(
    "name", ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "scope", "nonce", "at_hash"]
)
def test_claims_that_the_issuer_sets_are_refused_by_name(name: str) -> None:
    problem = mistake(f"users: {{alice: {{claims: {{{name}: x, ok: y}}}}}}")
    assert problem.path == f"users.alice.claims.{name}"
    assert name in problem.message


def test_every_wrong_claim_of_a_user_is_named() -> None:
    found = mistakes("users: {alice: {claims: {iss: x, a: no, b: [{c: 1e5}]}}}")
    assert [problem.path.removeprefix("users.alice.claims.") for problem in found] == ["a", "b[0].c", "iss"]


@pytest.mark.parametrize(("written", "seconds"), [("300", 300), ("5m", 300), ("'5m'", 300), ("1h30m", 5400), ("1s", 1)])
def test_lifetimes_are_durations(written: str, seconds: int) -> None:
    found = read(f"issuers: {{main: {{lifetimes: {{access_token: {written}}}}}}}")
    assert found.issuers[0].lifetimes.access_token == seconds


@pytest.mark.parametrize(
    "written", ["0", "0s", "-5", "soon", "5 mins", "1.5h", "", "[]", "yes", "36501d", "99999999999w"]
)
def test_lifetimes_that_are_none_are_refused(written: str) -> None:
    problem = mistake(f"issuers: {{main: {{lifetimes: {{access_token: {written}}}}}}}")
    assert problem.path == "issuers.main.lifetimes.access_token"

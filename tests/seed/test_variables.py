"""``${NAME}`` in a value of the seed is what the environment says; what it says is in no message."""

from __future__ import annotations

from pathlib import Path

import pytest

from devidp import DevIdP, seed
from devidp.models import Client
from tests.seed.reading import client, issuer, mistake, mistakes, places, read, user


@pytest.fixture(autouse=True)
def _variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNSET", raising=False)
    for name, value in {"PASSWORD": "s3cret-from-ci", "HOST": "app.example", "YES": "yes", "EMPTY": ""}.items():
        monkeypatch.setenv(name, value)


def app(settings: str) -> Client:
    return read(f"clients:\n  app:\n    redirect_uris: [http://localhost/cb]\n{settings}").issuers[0].clients["app"]


@pytest.mark.parametrize(
    ("written", "password"),
    [
        ("${PASSWORD}", "s3cret-from-ci"),
        ("a ${PASSWORD} b${HOST}", "a s3cret-from-ci bapp.example"),
        ("${UNSET:-fallback: none}", "fallback: none"),
        ("${EMPTY:-fallback}", "fallback"),
        ("x${EMPTY}y", "xy"),
        ("x${UNSET:-}y", "xy"),
        ("$${PASSWORD}", "${PASSWORD}"),
        ("a$$b", "a$b"),
        ("$2y$10$PASSWORD", "$2y$10$PASSWORD"),
        ("$$$${PASSWORD}", "$${PASSWORD}"),
    ],
)
def test_a_value_is_what_the_environment_says(written: str, password: str) -> None:
    assert user(f"{{password: '{written}'}}").password == password


def test_what_a_variable_holds_is_not_expanded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "${PASSWORD}$$")
    assert user("{password: '${HOST}'}").password == "${PASSWORD}$$"


@pytest.mark.parametrize("written", ["${YES}", "'${YES}'", "${UNSET:-true}"])
def test_a_variable_is_a_boolean_where_one_is_expected(written: str) -> None:
    assert app(f"    public: {written}").public


def test_in_claims_a_variable_is_read_as_if_its_value_was_written_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEVEL", "3")
    claims = "\n".join(f"      {name}: {text}" for name, text in {"a": "${LEVEL}", "b": "'${LEVEL}'"}.items())
    assert read(f"users:\n  alice:\n    claims:\n{claims}").issuers[0].users["alice"].claims == {"a": 3, "b": "3"}
    monkeypatch.setenv("LEVEL", "0123")
    assert "take for different values" in mistake("users:\n  alice:\n    claims:\n      a: ${LEVEL}").message


def test_a_number_a_duration_and_a_name_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N", "7")
    found = issuer("{refresh_grace: '${N}s', failed_logins: {limit: '${N}'}, refresh_tokens: '${R:-offline_access}'}")
    assert (found.refresh_grace, found.failed_logins, found.refresh_tokens) == (7, 7, "offline_access")


def test_keys_and_comments_are_left_alone() -> None:
    assert list(read("scopes:\n  ${UNSET}: A scope # ${UNSET}").scopes) == ["${UNSET}"]


def test_a_variable_that_is_not_set_is_named_with_its_line_and_once() -> None:
    problem = mistake("clients:\n  app:\n    secret: s\n    redirect_uris:\n      - ${UNSET}/cb")
    assert (problem.line, problem.path) == (5, "clients.app.redirect_uris[0]")
    assert problem.message.startswith("the environment variable UNSET is not set; set it, or write ${UNSET:-default}")
    assert mistake("users:\n  a: {password: '${PASSWRD}'}").message.endswith("did you mean 'PASSWORD'?")


def test_every_variable_that_is_not_set_is_named() -> None:
    text = "x-shared: &s ${UNSET}\nusers:\n  a: {password: *s}\n  b: {password: '${UNSET}'}"
    assert places(text) == [(1, "x-shared"), (4, "users.b.password")]


@pytest.mark.parametrize(
    "written", ["${}", "${1A}", "${UNSET", "${UNSET:?no}", "${UNSET-x}", "${UNSET:-${HOST}}", "${A B}", "${A:-a$$b}"]
)
def test_other_forms_are_refused_by_name(written: str) -> None:
    said = mistake(f"users: {{a: {{password: '{written}'}}}}").message
    assert said.startswith("got '${")
    assert "expected ${NAME} or ${NAME:-default}" in said


def test_a_variable_without_quotes_between_braces_is_explained() -> None:
    assert "needs quotes" in mistake("users: {alice: {password: ${PASSWORD}}}").message
    assert "needs quotes" in mistake("users:\n  alice:\n    scopes: [${HOST}]").message


def test_a_value_that_is_no_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "\udcff")
    assert "HOST has a character that is no text" in mistake("users: {a: {password: '${HOST}'}}").message


@pytest.mark.parametrize(
    "settings",
    [
        "{consent: '${PASSWORD}'}", "{dpop_bound: 'x${PASSWORD}'}", "{jwks_uri: '${PASSWORD}'}",
        "{redirect_uris: '${PASSWORD} b'}", "{scopes: ['${LONG}']}", "{default_audience: '${LONG}'}",
        "{jwks: '${PASSWORD}'}", "{<<: '${PASSWORD}'}", "{lifetimes: {id_token: '${PASSWORD}'}}", "'${PASSWORD}'",
        "{scopes: '${WORDS}'}", "{scopes: '${PASSWORD} b'}",
    ],
)  # fmt: skip
def test_no_message_shows_what_a_variable_holds(monkeypatch: pytest.MonkeyPatch, settings: str) -> None:
    monkeypatch.setenv("LONG", "s3cret-from-ci" * 9)
    monkeypatch.setenv("WORDS", "s3cret from ci")
    said = "\n".join(map(str, mistakes(f"clients: {{app: {settings}}}")))
    assert "s3cret" not in said
    monkeypatch.setenv("HOST", "http://s3cret-from-ci.example/*")
    uris = "{secret: s, redirect_uris: ['${HOST}/*']}"
    assert "s3cret" not in "\n".join(read(f"clients: {{app: {uris}}}").warnings)


def test_a_default_is_shown_where_it_is_wrong() -> None:
    assert (
        "got '${UNSET:-sometimes}', expected true or false"
        in mistake("users: {a: {disabled: '${UNSET:-sometimes}'}}").message
    )


def test_every_seed_that_is_yaml_has_variables_and_a_mapping_from_python_has_none(tmp_path: Path) -> None:
    text = "users: {alice: {password: '${PASSWORD}'}}"
    (tmp_path / "seed.yaml").write_text(text, encoding="utf-8")
    assert seed.load(tmp_path / "seed.yaml").issuers[0].users["alice"].password == "s3cret-from-ci"
    with DevIdP(seed=f"{text}\n") as idp:
        assert idp.users["alice"].record.password == "s3cret-from-ci"
    made = seed.from_mapping({"users": {"alice": {"password": "${PASSWORD}"}}})
    assert made.issuers[0].users["alice"].password == "${PASSWORD}"


def test_the_client_of_a_flow_mapping_reads_a_quoted_variable() -> None:
    assert client("{secret: '${PASSWORD}', grants: [client_credentials]}").secret == "s3cret-from-ci"

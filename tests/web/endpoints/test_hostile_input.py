"""Whatever comes in: no 5xx, JSON for clients, pages for people, and redirects only to where they may go."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from devidp.app import create_app
from devidp.models.config import Config
from devidp.oauth.redirect_uri import LOOPBACK_HOSTS
from tests.engines import Engine
from tests.flow import CHALLENGE, REDIRECT_URI, VERIFIER, Flow
from tests.refusal import refusal
from tests.shipped import PUBLIC_URL, shipped

JSON_ENDPOINTS = ["token", "introspect", "revoke", "userinfo", "register"]
PAGES = ["authorize", "login", "consent"]
NAMES = [
    "grant_type", "client_id", "client_secret", "code", "redirect_uri", "code_verifier", "refresh_token", "scope",
    "resource", "audience", "token", "token_type_hint", "access_token", "response_type", "state", "nonce", "prompt",
    "max_age", "login_hint", "code_challenge", "code_challenge_method", "response_mode", "request", "transaction",
    "username", "password", "login_as", "decision", "client_assertion", "client_assertion_type",
]  # fmt: skip
GOOD = [
    "authorization_code", "refresh_token", "client_credentials", "web", "spa", "service", "web-secret", "code", "query",
    "openid mcp:read", REDIRECT_URI, CHALLENGE, VERIFIER, "S256", "none", "login", "allow", "alice", "e30.e30.e30",
]  # fmt: skip
ODD = ["\0", '"', "'\"\\<>&", "\r\nX-Injected: 1", "é😀\u202e", "%", "%00", "{}", "[]", "null", "-1", "9" * 5000, " "]

VALUES = st.one_of(st.sampled_from(GOOD + ODD), st.text(max_size=30))
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=8), VALUES), max_size=12)
HEADER = st.text(st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), max_size=40)
AUTHORIZATION = st.one_of(
    st.none(),
    HEADER,
    st.tuples(st.sampled_from(["Basic", "basic", "Bearer", "DPoP", "Digest"]), HEADER).map(" ".join),
    st.binary(max_size=30).map(lambda raw: f"Basic {b64encode(raw).decode()}"),
    st.just(f"Basic {b64encode(b'web:web-secret').decode()}"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
METADATA = [
    "redirect_uris", "token_endpoint_auth_method", "grant_types", "response_types", "client_name", "scope", "contacts",
    "jwks", "jwks_uri", "software_statement", "application_type", "client_uri", "default_max_age",
]  # fmt: skip
MANY = settings(max_examples=150, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def app(shared_engine: Engine) -> Iterator[Flask]:
    application = create_app(Config(PUBLIC_URL, **shared_engine.settings()), shipped())
    yield application
    application.extensions["devidp"].close()


def check_json(response: TestResponse) -> None:
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        refusal(response)
    else:
        assert response.content_type == "application/json" or response.data == b""
    assert "X-Injected" not in response.headers


def check_page(response: TestResponse) -> None:
    assert response.status_code < 500, response.text
    if response.status_code == 303:
        location = urlsplit(response.headers["Location"])
        assert location.hostname in LOOPBACK_HOSTS
        assert location.path in ("/callback", "/cb")
    else:
        assert response.content_type == "text/html; charset=utf-8"
    assert "X-Injected" not in response.headers


@MANY
@given(st.sampled_from(JSON_ENDPOINTS), PAIRS, AUTHORIZATION)
@example("token", [("grant_type", "client_credentials"), ("scope", '"\\\x7f')], "Basic " + b64encode(b"\xff:").decode())
def test_any_parameters_and_credentials_get_an_answer_in_json(
    app: Flask, name: str, pairs: list[tuple[str, str]], authorization: str | None
) -> None:
    headers = [] if authorization is None else [("Authorization", authorization)]
    body = "&".join(f"{quote(key)}={quote(value)}" for key, value in pairs)
    http = app.test_client()
    form = "application/x-www-form-urlencoded"
    check_json(http.post(f"/default/{name}", data=body, headers=headers, content_type=form))
    check_json(http.get(f"/default/{name}?{body}", headers=headers))


@MANY
@given(st.sampled_from(JSON_ENDPOINTS), st.binary(max_size=200), HEADER)
def test_any_bytes_of_any_type_get_an_answer_in_json(app: Flask, name: str, body: bytes, content_type: str) -> None:
    http = app.test_client()
    for each in (content_type, "application/x-www-form-urlencoded", "application/json"):
        check_json(http.post(f"/default/{name}", data=body, headers=[("Content-Type", each)]))


@MANY
@given(st.dictionaries(st.sampled_from(METADATA) | st.text(max_size=8), JSON | st.lists(VALUES), max_size=6) | JSON)
def test_any_json_is_registered_or_refused(app: Flask, body: Any) -> None:
    check_json(app.test_client().post("/default/register", json=body))


@MANY
@given(PAIRS)
def test_any_authorization_request_gets_a_page_or_a_redirect_to_its_client(
    app: Flask, pairs: list[tuple[str, str]]
) -> None:
    flow = Flow(app)
    check_page(flow.authorize(**{name: value for name, value in pairs if name != "method"}))
    body = "&".join(f"{quote(key)}={quote(value)}" for key, value in pairs)
    form = "application/x-www-form-urlencoded"
    for name in PAGES:
        check_page(flow.http.post(f"/default/{name}", data=body, content_type=form))


@MANY
@given(HEADER, HEADER, HEADER)
def test_any_headers_get_an_answer(app: Flask, host: str, cookie: str, etag: str) -> None:
    headers = [("Host", host), ("Cookie", cookie), ("If-None-Match", etag), ("Accept", etag), ("Origin", host)]
    flow = Flow(app)
    check_page(flow.http.get("/default/authorize", query_string=flow.request(), headers=headers))
    check_json(flow.http.post("/default/token", data={"grant_type": "x"}, headers=headers))
    for path in ("/default/.well-known/openid-configuration", "/default/.well-known/jwks.json", "/", "/nothing"):
        assert flow.http.get(path, headers=headers).status_code < 500


@MANY
@given(st.text(max_size=30), st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "MADE-UP"]))
def test_any_path_gets_an_answer(app: Flask, path: str, method: str) -> None:
    http = app.test_client()
    for each in (f"/{quote(path)}", f"/{quote(path)}/token", f"/default/{quote(path)}", f"/.well-known/{quote(path)}"):
        assert http.open(each, method=method).status_code < 500


@pytest.mark.parametrize("name", [*JSON_ENDPOINTS, ".well-known/jwks.json", ".well-known/openid-configuration"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_a_wrong_method_is_refused_in_json_even_for_a_browser(app: Flask, name: str, method: str) -> None:
    response = app.test_client().open(f"/default/{name}", method=method, headers={"Accept": "text/html"})
    assert refusal(response) == (405, "invalid_request")
    assert response.headers["Allow"]
    assert f"{method} is not allowed" in response.get_json()["error_description"]


@pytest.mark.parametrize("name", [name for name in JSON_ENDPOINTS if name != "userinfo"])
def test_looking_at_an_endpoint_in_a_browser_is_refused_in_json(app: Flask, name: str) -> None:
    response = app.test_client().get(f"/default/{name}", headers={"Accept": "text/html,*/*"})
    assert refusal(response) == (405, "invalid_request")


@pytest.mark.parametrize("name", JSON_ENDPOINTS)
@pytest.mark.parametrize("size", [1_000_000, 262_145])
def test_a_body_that_is_too_large_is_refused_in_json(app: Flask, name: str, size: int) -> None:
    content_type = "application/json" if name == "register" else "application/x-www-form-urlencoded"
    headers = {"Accept": "text/html"}
    response = app.test_client().post(
        f"/default/{name}", data=b"a" * size, content_type=content_type, headers=headers
    )  # fmt: skip
    assert refusal(response) == (413, "invalid_request")
    assert response.headers["Access-Control-Allow-Origin" if name != "introspect" else "Content-Type"]


def test_a_large_value_in_a_query_is_no_trouble(app: Flask) -> None:
    flow = Flow(app)
    for name in ("state", "nonce", "scope", "client_id", "redirect_uri", "login_hint"):
        check_page(flow.authorize(**{name: "x" * 1_000_000}))


def test_many_members_and_deep_nesting_are_no_trouble(app: Flask) -> None:
    http = app.test_client()
    many = ",".join(f'"a{number}":1' for number in range(20_000))
    for body in (
        f"{{{many}}}",
        f'{{{many},"a1":1}}',
        *('{"jwks":' + "[" * deep + "]" * deep + "}" for deep in range(0, 1500, 50)),
    ):
        check_json(http.post("/default/register", data=body, content_type="application/json"))


def test_half_a_character_in_a_claims_request_is_refused(app: Flask) -> None:
    answer = Flow(app).authorize(claims='{"userinfo": {"\\ud800": null}}')
    assert "is+not+JSON" in answer.headers["Location"]


@pytest.mark.parametrize("deep", [10, 200, 300, 500, 5000])
def test_a_token_with_a_deeply_nested_header_is_no_token(app: Flask, deep: int) -> None:
    flow = Flow(app)
    encoded = b64encode(b'{"alg":' + b"[" * deep + b"]" * deep + b"}").decode().rstrip("=")
    assert refusal(flow.userinfo(f"{encoded}.e30.AA")) == (401, "invalid_token")
    assert not flow.is_active(f"{encoded}.e30.AA")


@pytest.mark.parametrize("path", ["/nothing", "/default/nothing", "/nobody/authorize", "/default//token"])
def test_where_nothing_is_served_browsers_get_a_page_and_clients_json(app: Flask, path: str) -> None:
    http = app.test_client()
    page = http.get(path, headers={"Accept": "text/html"})
    if not path.endswith("token"):
        assert (page.status_code, page.content_type) == (404, "text/html; charset=utf-8")
    if not path.endswith("authorize"):
        assert refusal(http.get(path)) == (404, "not_found")

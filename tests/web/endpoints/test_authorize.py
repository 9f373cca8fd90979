"""The authorization endpoint: what is refused before and after it is known where an answer may go."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.flow import CHALLENGE, REDIRECT_URI, Flow
from tests.refusal import page, redirected
from tests.shipped import Start

ISSUER = "http://localhost:6749/default"
CURSOR = "cursor://anysphere.cursor-mcp/oauth/callback"

NOT_REGISTERED = [
    "http://localhost:5555/other",
    "http://localhost:5555/callback/",
    "http://localhost:5555/callback?x=1",
    "http://localhost:5555/callback#x",
    "http://localhost:5555/call\r\nback",
    "http://localhost:5555/call\tback",
    "http://localhost:5555@evil.example/callback",
    "http://evil.example\\@localhost:5555/callback",
    "https://localhost:5555/callback",
    "http://localhost.evil.example/callback",
    "javascript:alert(1)//http://localhost/callback",
    "data:text/html,<script>alert(1)</script>",
    "//localhost/callback",
    "/callback",
    "http://[",
    "\0",
    "é",
    '"><script>',
    "x" * 10_000,
]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": None}, "The parameter &#39;client_id&#39; is missing"),
        ({"client_id": ""}, "The parameter &#39;client_id&#39; is missing"),
        ({"client_id": "wep"}, "Client &#39;wep&#39; is not known to issuer http://localhost:6749/default"),
        ({"client_id": "WEB"}, "Client &#39;WEB&#39; is not known"),
        ({"client_id": ["web", "spa"]}, "The parameter &#39;client_id&#39; came with different values"),
        ({"redirect_uri": [REDIRECT_URI, "http://localhost/cb"]}, "&#39;redirect_uri&#39; came with different values"),
        ({"redirect_uri": None}, "redirect_uri is missing, and client &#39;web&#39; has 6 registered"),
        ({"client_id": "service", "redirect_uri": None}, "client &#39;service&#39; has 0 registered"),
        ({"client_id": "service"}, "is not registered for client &#39;service&#39;, which has: none"),
        ({"client_id": "<script>alert(1)</script>"}, "Client &#39;&lt;script&gt;alert(1)&lt;/script&gt;&#39;"),
    ],
)
def test_while_it_is_not_known_where_to_answer_the_user_gets_a_page(
    flow: Flow, changes: dict[str, Any], words: str
) -> None:
    response = flow.authorize(**changes)
    assert page(response) == 400
    assert words in response.text.replace("\n", " ")


@pytest.mark.parametrize("uri", NOT_REGISTERED)
@pytest.mark.parametrize("otherwise", [{}, {"scope": "unknown"}, {"response_type": "token"}])
def test_nobody_is_redirected_to_an_address_that_is_not_registered(
    flow: Flow, uri: str, otherwise: dict[str, str]
) -> None:
    response = flow.authorize(redirect_uri=uri, **otherwise)
    assert page(response) == 400
    assert "is not registered for client" in response.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "none"}, "unsupported_response_type"),
        ({"response_type": 'é"\r\n'}, "unsupported_response_type"),
        ({"response_mode": "jwt"}, "invalid_request"),
        ({"request": "a.b.c"}, "invalid_request_object"),
        ({"request": "a.b.c.d.e"}, "invalid_request_object"),
        ({"request_uri": "https://app.example/request"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"scope": "unknown"}, "invalid_scope"),
        ({"resource": "nowhere"}, "invalid_target"),
        ({"code_challenge": None}, "invalid_request"),
        ({"prompt": "bogus"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "1.5"}, "invalid_request"),
        ({"max_age": "٣"}, "invalid_request"),
        ({"max_age": "9" * 5000}, "invalid_request"),
        ({"scope": ["openid", "openid"]}, "invalid_request"),
        ({"nonce": ["a", "b"]}, "invalid_request"),
        ({"code_challenge": [CHALLENGE, CHALLENGE]}, "invalid_request"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_from_then_on_errors_go_to_the_client_with_state_and_issuer(
    flow: Flow, changes: dict[str, Any], error: str, method: str
) -> None:
    response = flow.authorize(method, **changes)
    refused = redirected(response)
    assert response.headers["Location"].startswith(f"{REDIRECT_URI}?error=")
    assert set(refused) == {"error", "error_description", "state", "iss"}
    assert (refused["error"], refused["state"], refused["iss"]) == (error, "a state", ISSUER)


def test_a_repeated_state_is_refused_with_the_first(flow: Flow) -> None:
    refused = redirected(flow.authorize(state=["first", "second"]))
    assert (refused["error"], refused["state"]) == ("invalid_request", "first")


def test_a_client_without_the_grant_gets_unauthorized_client(start: Start) -> None:
    flow = start(clients={"service": {"redirect_uris": [REDIRECT_URI]}})
    assert redirected(flow.authorize(client_id="service"))["error"] == "unauthorized_client"


@pytest.mark.parametrize("state", ["a b+c%20&d=e", "é😀\u202e", "x" * 20_000, '"<script>', "\0\r\n", "%00", "?#"])
def test_state_comes_back_as_it_was(flow: Flow, state: str) -> None:
    assert redirected(flow.authorize(state=state, scope="unknown"))["state"] == state
    answer = flow.redirect(state=state)
    assert answer["state"] == state
    assert flow.exchange(answer["code"]).status_code == 200


@pytest.mark.parametrize("state", [None, ""])
def test_without_a_state_none_comes_back(flow: Flow, state: str | None) -> None:
    assert set(redirected(flow.authorize(state=state, scope="unknown"))) == {"error", "error_description", "iss"}
    assert set(flow.redirect(state=state)) == {"code", "iss"}


def test_an_answer_names_its_issuer(flow: Flow) -> None:
    assert flow.redirect()["iss"] == ISSUER == flow.metadata()["issuer"]
    assert flow.at("enterprise").redirect()["iss"] == "http://localhost:6749/enterprise"


@pytest.mark.parametrize(
    "uri",
    [
        "http://localhost:61234/callback",
        "http://127.0.0.1:61234/cb",
        "http://[::1]:61234/callback",
        "http://localhost/cb",
    ],
)
def test_loopback_redirects_work_on_any_port(flow: Flow, uri: str) -> None:
    location = flow.redirect_location(redirect_uri=uri)
    assert location.startswith(f"{uri}?code=")
    code = parse_qs(urlsplit(location).query)["code"][0]
    assert flow.exchange(code, redirect_uri=uri).status_code == 200


@pytest.mark.parametrize(
    ("uri", "joint"),
    [
        (CURSOR, "?"),
        (f"{CURSOR}?from=cursor&x=%20y", "&"),
        ("com.example.app:/oauth2redirect", "?"),
        ("https://app.example/cb?a=b", "&"),
        ("http://127.0.0.1:33418", "?"),
        ("https://vscode.dev/redirect", "?"),
    ],
)
def test_redirects_to_applications_and_those_with_a_query_stay_as_they_are(flow: Flow, uri: str, joint: str) -> None:
    client = flow.register(redirect_uris=[uri], token_endpoint_auth_method="none").get_json()["client_id"]
    location = flow.redirect_location(client_id=client, redirect_uri=uri)
    assert location.startswith(f"{uri}{joint}code=")
    assert flow.authorize(client_id=client, redirect_uri=uri, scope="x").headers["Location"].startswith(f"{uri}{joint}")


def test_the_only_redirect_uri_need_not_be_sent_except_in_openid_connect(start: Start) -> None:
    flow = start(clients={"web": {"redirect_uris": ["https://app.example/cb"]}})
    assert flow.redirect_location(redirect_uri=None, scope="mcp:read").startswith("https://app.example/cb?code=")
    refused = flow.authorize(redirect_uri=None, scope="openid")
    assert page(refused) == 400
    assert "OpenID Connect requires it" in refused.text


def test_looking_at_the_page_changes_nothing(flow: Flow) -> None:
    first = flow.authorize()
    for _ in range(3):
        assert flow.authorize().status_code == 200
    after_login = flow.log_in(first)
    assert after_login.status_code == 200
    assert flow.authorize().status_code == 200
    code = redirected(flow.allow(after_login))["code"]
    assert flow.exchange(code).status_code == 200


def test_parameters_come_in_the_body_of_a_post_and_not_in_its_query(flow: Flow) -> None:
    response = flow.http.post("/default/authorize", query_string=flow.request(), data={"x": "y"})
    assert page(response) == 400
    assert "client_id" in response.text
    assert redirected(flow.allow(flow.log_in(flow.authorize("POST"))))["state"] == "a state"


def test_a_post_of_another_content_type_gets_a_page(flow: Flow) -> None:
    assert page(flow.http.post("/default/authorize", json=flow.request())) == 400


def test_every_step_goes_on_with_get(flow: Flow) -> None:
    response = flow.allow(flow.log_in(flow.authorize()))
    assert response.status_code == 303
    assert response.text == ""


def test_unknown_parameters_are_ignored(flow: Flow) -> None:
    assert "code" in flow.redirect(ui_locales="de", claims="{}", display="page", made_up="x")

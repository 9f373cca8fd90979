"""What an event of a refusal says of the two things that were compared."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.flow import MCP, REDIRECT_URI, Flow

ELSEWHERE = "http://mcp.example:8000/mcp"
REFUSED: dict[str, tuple[Callable[[Flow], TestResponse], str, str]] = {
    "redirect_uri": (lambda flow: flow.authorize(redirect_uri=f"{REDIRECT_URI}/"), f"{REDIRECT_URI}/", REDIRECT_URI),
    "client_id": (lambda flow: flow.authorize(client_id="wbe"), "wbe", "web"),
    "client_id at the token endpoint": (
        lambda flow: flow.token("servcie", grant_type="client_credentials"),
        "servcie",
        "service",
    ),
    "response_type": (lambda flow: flow.authorize(response_type="coed"), "coed", "code"),
    "response_mode": (lambda flow: flow.authorize(response_mode="form-post"), "form-post", "form_post"),
    "code_challenge_method": (lambda flow: flow.authorize(code_challenge_method="s256"), "s256", "S256"),
    "scope": (lambda flow: flow.authorize(scope="openid mcp:raed"), "mcp:raed", "mcp:read"),
    "resource": (lambda flow: flow.authorize(resource=ELSEWHERE), ELSEWHERE, MCP),
    "prompt": (lambda flow: flow.authorize(prompt="log-in"), "log-in", "login"),
    "grant_type": (lambda flow: flow.token(grant_type="refresh-token"), "refresh-token", "refresh_token"),
    "a grant of another client": (
        lambda flow: flow.token("service", grant_type="authorization_code", code="c", redirect_uri=REDIRECT_URI),
        "authorization_code",
        "client_credentials",
    ),
    "redirect_uri of the code": (
        lambda flow: flow.exchange(flow.redirect()["code"], redirect_uri="http://127.0.0.1:5555/callback"),
        "http://127.0.0.1:5555/callback",
        REDIRECT_URI,
    ),
    "the way of authentication": (
        lambda flow: flow.http.post("/default/token", data={"grant_type": "refresh_token"}, auth=("spa", "a secret")),
        "client_secret_basic",
        "none",
    ),
    "token_endpoint_auth_method": (
        lambda flow: flow.register(redirect_uris=[REDIRECT_URI], token_endpoint_auth_method="client-secret-post"),
        "client-secret-post",
        "client_secret_post",
    ),
    "grant_types": (
        lambda flow: flow.register(redirect_uris=[REDIRECT_URI], grant_types=["authorization-code"]),
        "authorization-code",
        "authorization_code",
    ),
    "post_logout_redirect_uri": (
        lambda flow: flow.http.get(
            "/default/logout", query_string={"client_id": "web", "post_logout_redirect_uri": "http://localhost:5555/x"}
        ),
        "http://localhost:5555/x",
        "http://localhost:5555/",
    ),
    "the method": (lambda flow: flow.http.get("/default/token"), "GET", "POST"),
    "the issuer": (lambda flow: flow.http.post("/defualt/token"), "/defualt", "/default"),
    "the path": (lambda flow: flow.http.post("/default/tokne"), "/default/tokne", "/default/token"),
    "the host": (
        lambda flow: flow.http.get("/default/jwks", headers={"Host": "localhots"}),
        "localhots",
        "localhost",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_event_says_what_came_and_what_was_expected_instead(name: str, flow: Flow) -> None:
    request, got, expected = REFUSED[name]
    assert request(flow).status_code >= 300
    event = flow.runtime.event_log.since()[0][-1]
    assert event.error
    assert (event.got, event.expected[0]) == (got, expected)


def test_the_page_shows_both_one_above_the_other(flow: Flow) -> None:
    page = flow.authorize(redirect_uri=f"{REDIRECT_URI}/").text
    assert f'<code dir="ltr">{REDIRECT_URI}<mark>/</mark></code>' in page
    assert f'<code dir="ltr">{REDIRECT_URI}</code>' in page
    assert "What came has a slash at its end, which is not expected." in page


def test_a_refusal_that_compared_nothing_has_neither(flow: Flow) -> None:
    flow.authorize(code_challenge=None)
    event = flow.runtime.event_log.since()[0][-1]
    assert event.error
    assert (event.got, event.expected) == ("", ())


def test_no_secret_in_what_came_is_kept(flow: Flow) -> None:
    flow.authorize(redirect_uri="http://alice:hunter2@localhost:5555/callback")
    event = flow.runtime.event_log.since()[0][-1]
    assert event.got == "http://***@localhost:5555/callback"
    assert "hunter2" not in str((event.got, event.expected))

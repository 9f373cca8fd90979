"""Response modes: one choice for codes, tokens and errors (OAuth 2.0 Multiple Response Type Encoding Practices)."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from urllib.parse import urlsplit

import pytest

from tests.flow import REDIRECT_URI, Flow, Form, answered
from tests.refusal import redirected
from tests.shipped import Start

ISSUER = "http://localhost:6749/default"


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
def test_each_advertised_mode_brings_a_code_with_state_and_issuer(flow: Flow, mode: str) -> None:
    assert mode in flow.metadata()["response_modes_supported"]
    answer = flow.redirect(response_mode=mode)
    assert set(answer) == {"code", "state", "iss"}
    assert (answer["state"], answer["iss"]) == ("a state", ISSUER)
    assert flow.exchange(answer["code"]).status_code == 200


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
def test_an_error_comes_in_the_same_mode(flow: Flow, mode: str) -> None:
    answer = answered(flow.authorize(response_mode=mode, prompt="none"))
    assert (answer["error"], answer["state"], answer["iss"]) == ("login_required", "a state", ISSUER)


def test_a_fragment_is_the_only_place_of_its_answer(flow: Flow) -> None:
    location = urlsplit(flow.finish(flow.authorize(response_mode="fragment")).headers["Location"])
    assert location.query == ""
    assert location.fragment.startswith("code=")


def test_a_query_that_the_redirect_uri_has_stays(start: Start) -> None:
    flow = start(clients={"web": {"redirect_uris": ["https://app.example/cb?a=1"]}})
    response = flow.finish(flow.authorize(redirect_uri="https://app.example/cb?a=1"))
    assert response.headers["Location"].startswith("https://app.example/cb?a=1&code=")


@pytest.mark.parametrize("mode", ["jwt", "FORM_POST", "query.jwt"])
def test_an_unknown_mode_is_refused_in_the_default_mode(flow: Flow, mode: str) -> None:
    refused = redirected(flow.authorize(response_mode=mode))
    assert refused["error"] == "invalid_request"
    assert f"response_mode is '{mode}', this issuer has: query fragment form_post" in refused["error_description"]


def test_a_form_is_not_posted_to_an_application_of_its_own_scheme(start: Start) -> None:
    flow = start(clients={"web": {"redirect_uris": ["cursor://callback"]}})
    refused = redirected(flow.authorize(redirect_uri="cursor://callback", response_mode="form_post"))
    assert "neither http nor https" in refused["error_description"]


def test_the_form_posts_itself_by_one_script_that_its_policy_names(flow: Flow) -> None:
    page = flow.finish(flow.authorize(response_mode="form_post"))
    assert page.status_code == 200
    assert Form(page.text).action == REDIRECT_URI
    (script,) = re.findall(r"<script>(.*?)</script>", page.text)
    assert script == "document.forms[0].submit()"
    hashed = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{hashed}'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert "<noscript>" in page.text


def test_a_message_goes_to_the_origin_of_the_redirect_uri(start: Start) -> None:
    flow = start({"features": {"web_message": True}})
    assert "web_message" in flow.metadata()["response_modes_supported"]
    page = flow.finish(flow.authorize(response_mode="web_message"))
    assert (page.status_code, Form(page.text).action) == (200, REDIRECT_URI)
    assert flow.exchange(Form(page.text).hidden["code"]).status_code == 200
    (script,) = re.findall(r"<script>(.*?)</script>", page.text)
    hashed = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{hashed}'" in page.headers["Content-Security-Policy"]
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors http://localhost:5555")
    assert "X-Frame-Options" not in page.headers
    asked = flow.authorize(response_mode="web_message", prompt="login")
    assert asked.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert asked.headers["X-Frame-Options"] == "DENY"


def test_a_message_may_be_an_error(start: Start) -> None:
    answer = answered(start({"features": {"web_message": True}}).authorize(response_mode="web_message", prompt="none"))
    assert (answer["error"], answer["state"], answer["iss"]) == ("login_required", "a state", ISSUER)


def test_messages_are_off_by_default(flow: Flow) -> None:
    assert "web_message" not in flow.metadata()["response_modes_supported"]
    assert redirected(flow.authorize(response_mode="web_message"))["error"] == "invalid_request"


def test_no_other_page_may_run_a_script(flow: Flow) -> None:
    assert "script-src" not in flow.authorize().headers["Content-Security-Policy"]


@pytest.mark.parametrize("state", ['"><script>alert(1)</script>', "a&b=c", "'\"<>", "\u202e spaces  "])
def test_what_the_client_sent_comes_back_unchanged_and_harmless_in_a_form(flow: Flow, state: str) -> None:
    page = flow.finish(flow.authorize(response_mode="form_post", state=state))
    assert Form(page.text).hidden["state"] == state
    assert "<script>alert" not in page.text

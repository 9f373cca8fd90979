"""prompt and max_age: what the client asks of the login (OpenID Connect Core section 3.1.2.1)."""

from __future__ import annotations

import pytest

from devidp.system.clock import Clock
from tests.flow import Flow, Form, payload
from tests.refusal import redirected
from tests.shipped import Start


def asks_for_login(flow: Flow, **changes: str) -> bool:
    return "password" in Form(flow.authorize(**changes).text).offered


def test_none_answers_at_once_in_a_browser_that_is_logged_in(flow: Flow) -> None:
    assert redirected(flow.authorize(prompt="none"))["error"] == "login_required"
    flow.redirect()
    assert "code" in redirected(flow.authorize(prompt="none"))
    assert redirected(flow.other_browser().authorize(prompt="none"))["error"] == "login_required"


def test_none_without_consent_says_so(flow: Flow) -> None:
    flow.log_in(flow.authorize())
    refused = redirected(flow.authorize(prompt="none"))
    assert (refused["error"], refused["state"]) == ("consent_required", "a state")


@pytest.mark.parametrize("prompt", ["login", "select_account", "login consent", "select_account login"])
def test_login_asks_again_in_a_browser_that_is_logged_in(flow: Flow, frozen: Clock, prompt: str) -> None:
    flow.redirect()
    assert not asks_for_login(flow)
    frozen.advance(100)
    page = flow.authorize(prompt=prompt)
    assert "password" in Form(page.text).offered
    page = flow.log_in(page)
    if "consent" in prompt:
        page = flow.allow(page)
    body = flow.exchange(redirected(page)["code"]).get_json()
    assert payload(body["id_token"])["auth_time"] == frozen.seconds()


def test_an_old_login_does_not_answer_a_page_that_asked_for_a_new_one(flow: Flow, frozen: Clock) -> None:
    flow.redirect()
    frozen.advance(10)
    form = Form(flow.authorize(prompt="login consent").text)
    response = flow.http.post("/default/consent", data={**form.hidden, "decision": "allow", "scope": "openid"})
    assert "password" in Form(response.text).offered


def test_max_age_asks_again_when_the_login_is_older(flow: Flow, frozen: Clock) -> None:
    flow.redirect()
    frozen.advance(100)
    assert not asks_for_login(flow, max_age="100")
    assert asks_for_login(flow, max_age="99")
    assert asks_for_login(flow, max_age="0")
    assert not asks_for_login(flow, max_age="999999999999")
    assert redirected(flow.authorize(max_age="99", prompt="none"))["error"] == "login_required"


def test_a_login_for_max_age_zero_is_good_for_its_own_request(flow: Flow, frozen: Clock) -> None:
    page = flow.log_in(flow.authorize(max_age="0"))
    frozen.advance(30)
    body = flow.exchange(redirected(flow.allow(page))["code"]).get_json()
    assert payload(body["id_token"])["auth_time"] == frozen.seconds() - 30
    assert asks_for_login(flow, max_age="0")


def test_a_session_ends_with_its_lifetime(start: Start, frozen: Clock) -> None:
    flow = start({"lifetimes": {"session": "10m"}})
    flow.redirect()
    frozen.advance(599)
    assert not asks_for_login(flow)
    frozen.advance(1)
    assert asks_for_login(flow)

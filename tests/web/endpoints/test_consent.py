"""The consent form: allow all or a part, deny, or log in as somebody else; and when it is asked for at all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flow import Flow, Form, payload
from tests.refusal import page, redirected
from tests.shipped import Start, shipped

pytestmark = pytest.mark.contract

SCOPE = "openid profile mcp:read mcp:write"


@pytest.mark.parametrize(
    ("ticked", "granted"),
    [
        (["openid", "profile", "mcp:read", "mcp:write"], SCOPE),
        (["openid", "mcp:write"], "openid mcp:write"),
        (["mcp:write"], "openid mcp:write"),
        ([], "openid"),
        (["mcp:read", "mcp:admin", "made:up"], "openid mcp:read"),
    ],
)
def test_the_user_grants_what_is_ticked_and_no_more_than_was_asked_for(
    flow: Flow, ticked: list[str], granted: str
) -> None:
    consent = flow.log_in(flow.authorize(scope=SCOPE))
    code = redirected(flow.post(consent, decision="allow", scope=ticked))["code"]
    body = flow.exchange(code).get_json()
    assert body["scope"] == payload(body["access_token"])["scope"] == granted


def test_nothing_ticked_is_a_denial_where_openid_was_not_asked_for(flow: Flow) -> None:
    consent = flow.log_in(flow.authorize(scope="mcp:read"))
    assert redirected(flow.post(consent, decision="allow"))["error"] == "access_denied"


def test_a_refusal_goes_to_the_client(flow: Flow) -> None:
    refused = redirected(flow.post(flow.log_in(flow.authorize()), decision="deny"))
    assert (refused["error"], refused["state"]) == ("access_denied", "a state")
    assert refused["iss"] == "http://localhost:6749/default"


def test_a_refusal_is_not_remembered(flow: Flow) -> None:
    flow.post(flow.log_in(flow.authorize()), decision="deny")
    assert "decision" in Form(flow.authorize().text).offered


def test_another_user_can_log_in_instead(flow: Flow) -> None:
    consent = flow.log_in(flow.authorize(), "alice")
    again = flow.post(consent, decision="switch")
    assert "password" in Form(again.text).offered
    code = redirected(flow.allow(flow.log_in(again, "bob")))["code"]
    assert payload(flow.exchange(code).get_json()["access_token"])["sub"] == "bob"


@pytest.mark.parametrize("decision", ["", "maybe", "ALLOW", "\0", '"'])
def test_any_other_decision_is_refused(flow: Flow, decision: str) -> None:
    assert page(flow.post(flow.log_in(flow.authorize()), decision=decision)) == 400


def test_consent_is_remembered_for_its_scopes(flow: Flow) -> None:
    flow.redirect(scope="openid mcp:read mcp:write")
    assert "code" in redirected(flow.authorize(scope="openid mcp:read"))
    assert "code" in redirected(flow.authorize(scope="mcp:write openid", prompt="none"))
    assert "decision" in Form(flow.authorize(scope="openid mcp:read mcp:admin").text).offered
    assert redirected(flow.authorize(scope="openid mcp:admin", prompt="none"))["error"] == "consent_required"


def test_consents_add_up(flow: Flow) -> None:
    flow.redirect(scope="openid mcp:read")
    flow.redirect(scope="openid mcp:write")
    assert "code" in redirected(flow.authorize(scope="openid mcp:read mcp:write"))


def test_scopes_that_were_not_ticked_are_asked_for_again(flow: Flow) -> None:
    consent = flow.log_in(flow.authorize(scope="openid mcp:read mcp:write"))
    flow.post(consent, decision="allow", scope=["mcp:read"])
    assert "decision" in Form(flow.authorize(scope="openid mcp:read mcp:write").text).offered


def test_consent_is_remembered_for_its_user_and_client_alone(flow: Flow) -> None:
    flow.redirect("alice")
    assert "decision" in Form(flow.authorize(client_id="spa").text).offered
    assert "decision" in Form(flow.at("enterprise").log_in(flow.at("enterprise").authorize()).text).offered


def test_consent_is_remembered_in_another_browser(flow: Flow) -> None:
    flow.redirect("alice")
    other = flow.other_browser()
    assert "code" in redirected(other.log_in(other.authorize(), "alice"))
    assert "decision" in Form(other.post(other.authorize(prompt="login"), login_as="bob").text).offered


@pytest.mark.parametrize(("mode", "asked"), [("required", True), ("remembered", False), ("skipped", False)])
def test_the_seed_says_when_a_client_asks(start: Start, mode: str, asked: bool) -> None:
    flow = start(clients={"web": {"consent": mode}})
    first = flow.log_in(flow.authorize())
    assert ("decision" in Form(first.text).offered) == (mode != "skipped")
    if mode != "skipped":
        assert "code" in redirected(flow.allow(first))
    again = flow.authorize()
    assert ("decision" in Form(again.text).offered) == asked
    assert ("error" in redirected(flow.authorize(prompt="none"))) == asked


@pytest.mark.parametrize("mode", ["required", "remembered", "skipped"])
def test_the_client_can_ask_for_it_by_prompt(start: Start, mode: str) -> None:
    flow = start(clients={"web": {"consent": mode}})
    flow.redirect()
    assert "decision" in Form(flow.authorize(prompt="consent").text).offered


def test_the_page_offers_what_can_be_granted_and_says_what_cannot(flow: Flow) -> None:
    consent = flow.log_in(flow.authorize(scope="openid mcp:read mcp:admin"), "bob")
    assert Form(consent.text).offered["scope"] == ["openid", "mcp:read"]
    assert "user bob may not have it" in consent.text


def test_a_login_in_another_tab_does_not_lend_its_user_to_an_open_page(flow: Flow) -> None:
    for_alice = flow.log_in(flow.authorize(), "alice")
    flow.log_in(flow.authorize(prompt="login"), "bob")
    again = flow.allow(for_alice)
    assert again.status_code == 200
    assert "You are logged in as bob now" in again.text
    assert "password" in Form(again.text).offered


def test_the_consent_form_cannot_be_skipped_to_from_the_login_page(flow: Flow) -> None:
    flow.log_in(flow.authorize())
    login_page = Form(flow.authorize(prompt="login").text)
    response = flow.http.post("/default/consent", data={**login_page.hidden, "decision": "allow", "scope": "openid"})
    assert "password" in Form(response.text).offered


@pytest.mark.parametrize("change", [{"clients": {"web": None}}, {"clients": {"web": {"redirect_uris": ["app:/cb"]}}}])
def test_a_client_that_is_gone_or_changed_meanwhile_gets_no_answer(flow: Flow, change: dict[str, Any]) -> None:
    consent = flow.log_in(flow.authorize())
    flow.runtime.adopt(shipped(**change))
    assert page(flow.allow(consent)) == 400

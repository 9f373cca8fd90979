"""What a request asks of the login: hints, age, class (OpenID Connect Core section 3.1.2.1 to 3.1.2.3)."""

from __future__ import annotations

import json

import pytest

from devidp.system.clock import Clock
from tests.flow import REDIRECT_URI, Flow, Form, answered, payload
from tests.refusal import redirected
from tests.shipped import Start


def test_a_hint_at_who_is_logged_in_is_answered_without_a_page(flow: Flow) -> None:
    hint = flow.tokens()["id_token"]
    assert "code" in redirected(flow.authorize(prompt="none", id_token_hint=hint))


def test_a_hint_that_has_expired_still_says_who(flow: Flow, frozen: Clock) -> None:
    hint = flow.tokens()["id_token"]
    frozen.advance(7 * 3600)
    assert "code" in redirected(flow.authorize(prompt="none", id_token_hint=hint))


def test_a_hint_at_somebody_else_is_login_required_or_a_login_page(flow: Flow) -> None:
    hint = flow.other_browser().tokens("bob")["id_token"]
    flow.redirect("alice")
    refused = redirected(flow.authorize(prompt="none", id_token_hint=hint))
    assert refused["error"] == "login_required"
    assert "another user is logged in" in refused["error_description"]
    page = flow.authorize(id_token_hint=hint)
    assert 'value="bob"' in page.text
    assert "expects another user than alice" in flow.log_in(page, "alice").text
    answer = answered(flow.finish(page, "bob"))
    assert payload(flow.exchange(answer["code"]).get_json()["id_token"])["sub"] == "bob"


def test_a_login_elsewhere_in_between_does_not_answer_for_the_hinted_user(flow: Flow) -> None:
    hint = flow.other_browser().tokens("bob", prompt="consent")["id_token"]
    consent = flow.log_in(flow.authorize(id_token_hint=hint, prompt="consent"), "bob")
    flow.redirect("alice", prompt="login")
    assert "password" in Form(flow.allow(consent).text).offered


@pytest.mark.parametrize("hint", ["x", "a.b.c", "é"])
def test_a_hint_that_this_issuer_has_not_signed_is_refused(flow: Flow, hint: str) -> None:
    refused = redirected(flow.authorize(id_token_hint=hint))
    assert refused["error"] == "invalid_request"
    assert "is not an ID token that this issuer signed" in refused["error_description"]


def test_an_access_token_or_a_token_of_another_issuer_is_no_hint(flow: Flow) -> None:
    for token in (flow.tokens()["access_token"], flow.at("enterprise").tokens()["id_token"]):
        assert redirected(flow.authorize(id_token_hint=token))["error"] == "invalid_request"


def test_a_hint_that_was_issued_to_another_client_is_refused(flow: Flow) -> None:
    hint = flow.tokens(client="spa")["id_token"]
    assert "issued to another client" in redirected(flow.authorize(id_token_hint=hint))["error_description"]


def test_an_automatic_user_does_not_answer_for_another(start: Start) -> None:
    flow = start({"auto_approve": "alice"})
    hint = flow.tokens()["id_token"]
    assert "code" in redirected(flow.authorize(id_token_hint=hint))
    other = start({"auto_approve": "bob"})
    claims = '{"id_token": {"sub": {"value": "alice"}}}'
    assert redirected(other.authorize(prompt="none", claims=claims))["error"] == "login_required"


def test_a_login_hint_fills_the_form(flow: Flow) -> None:
    assert 'value="bob"' in flow.authorize(login_hint="bob").text


def test_a_login_that_is_too_old_is_made_again(flow: Flow, frozen: Clock) -> None:
    flow.redirect()
    frozen.advance(100)
    assert flow.authorize(max_age="100").status_code == 303
    assert flow.authorize(max_age="99").status_code == 200
    assert "older than max_age" in redirected(flow.authorize(max_age="99", prompt="none"))["error_description"]
    tokens = flow.tokens(max_age="99")
    assert payload(tokens["id_token"])["auth_time"] == frozen.seconds()


def test_a_max_age_of_zero_asks_for_a_new_login(flow: Flow, frozen: Clock) -> None:
    flow.redirect()
    page = flow.authorize(max_age="0")
    assert "password" in Form(page.text).offered
    assert "code" in answered(flow.finish(page))


def test_a_client_has_a_max_age_of_its_own(start: Start, frozen: Clock) -> None:
    flow = start(clients={"web": {"default_max_age": "60s"}})
    flow.redirect()
    frozen.advance(61)
    assert "password" in Form(flow.authorize().text).offered
    assert flow.authorize(max_age="3600").status_code == 303


def test_a_registered_client_has_a_max_age_of_its_own(flow: Flow, frozen: Clock) -> None:
    client_id = flow.register(redirect_uris=[REDIRECT_URI], default_max_age=60).get_json()["client_id"]
    flow.redirect(client_id=client_id)
    frozen.advance(61)
    assert "password" in Form(flow.authorize(client_id=client_id).text).offered


@pytest.mark.parametrize("values", ["1", "9 2 1", "2", "9", None])
def test_one_factor_reaches_the_first_class_whatever_is_asked_for(flow: Flow, values: str | None) -> None:
    tokens = flow.tokens("bob", acr_values=values)
    for token in (tokens["id_token"], tokens["access_token"]):
        assert payload(token)["acr"] == "1"
    assert flow.introspect(tokens["access_token"])["acr"] == "1"


@pytest.mark.parametrize("wish", [{"essential": True, "value": "2"}, {"essential": True, "values": ["9", "2"]}])
def test_an_essential_class_that_the_user_cannot_reach_is_refused(flow: Flow, wish: object) -> None:
    refused = flow.redirect("bob", claims=json.dumps({"id_token": {"acr": wish}}))
    assert refused["error"] == "unmet_authentication_requirements"
    assert "acr '2' is essential" in refused["error_description"]


def test_the_classes_of_an_issuer_are_in_the_seed(start: Start) -> None:
    flow = start({"acr_values": ["urn:example:silver", "urn:example:gold"]})
    assert flow.metadata()["acr_values_supported"] == ["urn:example:silver", "urn:example:gold"]
    assert payload(flow.tokens("bob", acr_values="urn:example:gold")["id_token"])["acr"] == "urn:example:silver"
    several = start({"acr_values": {"low": 1, "pwd": 1, "high": 2}})
    assert [payload(several.tokens(acr_values=values)["id_token"])["acr"] for values in ("pwd", None)] == ["pwd", "low"]
    none = start({"acr_values": []})
    assert "acr_values_supported" not in none.metadata()
    assert "acr" not in payload(none.tokens()["id_token"])


def test_a_client_has_classes_of_its_own(start: Start) -> None:
    flow = start({"acr_values": {"low": 1, "pwd": 1}}, clients={"web": {"default_acr_values": ["pwd"]}})
    assert payload(flow.tokens()["id_token"])["acr"] == "pwd"
    assert payload(flow.tokens(acr_values="low")["id_token"])["acr"] == "low"


def test_the_id_token_says_how_the_user_logged_in(flow: Flow) -> None:
    tokens = flow.tokens()
    assert payload(tokens["id_token"])["amr"] == payload(tokens["access_token"])["amr"] == ["pwd"]
    clicked = flow.other_browser()
    page = clicked.post(clicked.authorize(), login_as="alice")
    code = answered(clicked.finish(page))["code"]
    assert payload(clicked.exchange(code).get_json()["id_token"])["amr"] == ["user"]


def test_a_refresh_keeps_time_class_and_method_of_the_login(flow: Flow, frozen: Clock) -> None:
    tokens = flow.tokens(acr_values="1")
    frozen.advance(1000)
    first, later = payload(tokens["id_token"]), payload(flow.refresh(tokens["refresh_token"]).get_json()["id_token"])
    assert later["iat"] == first["iat"] + 1000
    for claim in ("auth_time", "acr", "amr", "sub", "aud", "iss"):
        assert later[claim] == first[claim]


@pytest.mark.parametrize(
    "hint", [{"display": "popup"}, {"display": "touch"}, {"ui_locales": "se de"}, {"claims_locales": "se"}]
)
def test_wishes_about_looks_and_language_do_no_harm(flow: Flow, hint: dict[str, str]) -> None:
    assert "code" in flow.redirect(**hint)


def test_users_are_not_created_here(flow: Flow) -> None:
    refused = redirected(flow.authorize(prompt="create"))
    assert refused["error"] == "invalid_request"
    assert "come from the seed" in refused["error_description"]
    assert "create" not in flow.metadata()["prompt_values_supported"]

"""The claims parameter (OpenID Connect Core section 5.5)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.flow import Flow, payload
from tests.refusal import redirected
from tests.shipped import Start


def wishing(**members: Any) -> str:
    return json.dumps(members)


def test_claims_come_where_they_are_asked_for(flow: Flow) -> None:
    tokens = flow.tokens(claims=wishing(userinfo={"name": {"essential": True}}, id_token={"email": None}))
    claims = payload(tokens["id_token"])
    assert claims["email"] == "alice@acme.example"
    assert "name" not in claims
    answer = flow.userinfo(tokens["access_token"]).get_json()
    assert answer == {"sub": "alice", "name": "Alice Anderson"}


def test_they_survive_a_refresh(flow: Flow) -> None:
    tokens = flow.tokens(claims=wishing(userinfo={"name": None}, id_token={"email": None}))
    renewed = flow.refresh(tokens["refresh_token"]).get_json()
    assert payload(renewed["id_token"])["email"] == "alice@acme.example"
    assert flow.userinfo(renewed["access_token"]).get_json()["name"] == "Alice Anderson"


def test_a_claim_that_the_user_lacks_is_left_out_even_where_it_is_essential(flow: Flow) -> None:
    tokens = flow.tokens(claims=wishing(id_token={"picture": {"essential": True}}))
    assert "picture" not in payload(tokens["id_token"])


def test_the_consent_page_names_them_and_consent_is_remembered(flow: Flow) -> None:
    request = {"claims": wishing(userinfo={"tenant_id": None})}
    flow.redirect()
    page = flow.authorize(**request)
    assert "What it also learns" in page.text
    assert "tenant_id" in page.text
    flow.allow(page)
    assert flow.authorize(**request).status_code == 303


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "is not JSON"),
        ("[]", "expected an object"),
        ('"userinfo"', "expected an object"),
        (wishing(userinfo=[]), "as userinfo, expected an object"),
        (wishing(id_token={"email": "yes"}), "at id_token.email, expected null or an object"),
        (wishing(id_token={"email": {"essential": 1}}), "expected true or false"),
        (wishing(id_token={"acr": {"values": "1"}}), "expected an array"),
    ],
)
def test_a_malformed_parameter_is_refused_with_its_place(flow: Flow, text: str, why: str) -> None:
    refused = redirected(flow.authorize(claims=text))
    assert refused["error"] == "invalid_request"
    assert why in refused["error_description"]


def test_members_that_are_not_understood_are_ignored(flow: Flow) -> None:
    assert "code" in flow.redirect(claims=wishing(verified_claims=3, userinfo=None))


def test_another_subject_than_the_one_asked_for_cannot_answer(flow: Flow) -> None:
    claims = wishing(id_token={"sub": {"value": "bob"}})
    page = flow.log_in(flow.authorize(claims=claims))
    assert "expects another user than alice" in page.text
    flow.redirect("alice")
    assert redirected(flow.authorize(claims=claims, prompt="none"))["error"] == "login_required"
    assert "code" in flow.redirect("bob", claims=claims)


def test_a_subject_that_nobody_has_is_nobody(flow: Flow) -> None:
    claims = wishing(id_token={"sub": {"values": [3, ["alice"]]}})
    assert "expects another user" in flow.log_in(flow.authorize(claims=claims)).text


def test_an_essential_acr_that_is_not_there_is_an_error(flow: Flow) -> None:
    refused = redirected(flow.authorize(claims=wishing(id_token={"acr": {"essential": True, "values": ["9"]}})))
    assert refused["error"] == "unmet_authentication_requirements"
    assert "acr '9', this issuer has: 1 2" in refused["error_description"]


@pytest.mark.parametrize(
    ("wish", "acr"),
    [({"essential": True, "values": ["9", "1"]}, "1"), ({"value": "1"}, "1"), ({"values": ["9"]}, "1"), (None, "1")],
)
def test_an_acr_that_is_there_is_reported(flow: Flow, wish: object, acr: str | None) -> None:
    assert payload(flow.tokens(claims=wishing(id_token={"acr": wish}))["id_token"]).get("acr") == acr


def test_without_openid_the_parameter_means_nothing(flow: Flow) -> None:
    assert "code" in flow.redirect(claims="{", scope="mcp:read")


def test_an_issuer_without_the_feature_ignores_it(start: Start) -> None:
    flow = start({"features": {"claims_parameter": False}})
    assert flow.metadata()["claims_parameter_supported"] is False
    assert "email" not in payload(flow.tokens(claims=wishing(id_token={"email": None}))["id_token"])

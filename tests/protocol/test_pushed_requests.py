"""Pushed authorization requests (RFC 9126)."""

from __future__ import annotations

from typing import Any

import pytest

from devidp.system.clock import Clock
from tests.flow import REDIRECT_URI, Flow, answered, payload
from tests.refusal import description, page, redirected, refusal
from tests.shipped import Start

pytestmark = pytest.mark.contract

BARE: dict[str, Any] = dict.fromkeys(
    ("response_type", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")
)
"""Leaves out what was pushed already."""


def pushed(flow: Flow, client: str = "web", **changes: Any) -> str:
    response = flow.push(client, **changes)
    assert response.status_code == 201, response.text
    reference: str = response.get_json()["request_uri"]
    return reference


def test_a_pushed_request_is_answered_as_if_it_had_come_by_itself(flow: Flow) -> None:
    response = flow.push(nonce="n-1")
    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    body = response.get_json()
    assert set(body) == {"request_uri", "expires_in"}
    assert body["expires_in"] == 60
    assert body["request_uri"].startswith("urn:ietf:params:oauth:request_uri:")
    answer = flow.redirect(**BARE, request_uri=body["request_uri"])
    assert answer["state"] == "a state"
    assert payload(flow.exchange(answer["code"]).get_json()["id_token"])["nonce"] == "n-1"


def test_metadata_names_the_endpoint(flow: Flow) -> None:
    metadata = flow.metadata()
    assert metadata["pushed_authorization_request_endpoint"] == "http://localhost:6749/default/par"
    assert metadata["require_pushed_authorization_requests"] is False


def test_a_public_client_pushes_with_its_id(flow: Flow) -> None:
    reference = pushed(flow, "spa")
    assert "code" in flow.redirect(**BARE, client_id="spa", request_uri=reference)


@pytest.mark.parametrize("client", ["web", "unknown"])
def test_who_pushes_has_to_be_who_it_says(flow: Flow, client: str) -> None:
    flow.secrets[client] = "wrong"
    assert refusal(flow.push(client)) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"scope": "unknown"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"resource": "nowhere"}, "invalid_target"),
        ({"state": ["a", "b"]}, "invalid_request"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"),
        ({"prompt": "create"}, "invalid_request"),
    ],
)
def test_what_the_authorization_endpoint_would_refuse_is_refused_at_once(
    flow: Flow, changes: dict[str, Any], error: str
) -> None:
    assert refusal(flow.push(**changes)) == (400, error)


def test_parameters_beside_the_reference_do_not_count(flow: Flow) -> None:
    reference = pushed(flow, scope="openid")
    answer = flow.redirect(request_uri=reference, scope="openid mcp:write", state="another", prompt="none login")
    assert answer["state"] == "a state"
    assert flow.exchange(answer["code"]).get_json()["scope"] == "openid"


def test_a_reference_is_good_for_one_answer(flow: Flow) -> None:
    reference = pushed(flow)
    flow.redirect(**BARE, request_uri=reference)
    refused = flow.authorize(**BARE, request_uri=reference)
    assert page(refused) == 400
    assert "is not known to issuer" in refused.text


def test_until_then_its_page_can_be_loaded_again(flow: Flow) -> None:
    reference = pushed(flow)
    for _ in range(2):
        assert flow.authorize(**BARE, request_uri=reference).status_code == 200
    assert "code" in flow.redirect(**BARE, request_uri=reference)


def test_two_pages_of_one_reference_get_one_answer(flow: Flow) -> None:
    reference = pushed(flow)
    first, second = (flow.authorize(**BARE, request_uri=reference) for _ in range(2))
    flow.finish(first)
    assert "answered already" in flow.log_in(second).text


def test_an_error_is_an_answer_too(flow: Flow) -> None:
    reference = pushed(flow, prompt="none")
    assert redirected(flow.authorize(**BARE, request_uri=reference))["error"] == "login_required"
    assert page(flow.authorize(**BARE, request_uri=reference)) == 400


def test_it_expires_but_not_while_the_user_logs_in(flow: Flow, frozen: Clock) -> None:
    reference = pushed(flow)
    frozen.advance(59)
    login_page = flow.authorize(**BARE, request_uri=reference)
    frozen.advance(120)
    refused = flow.authorize(**BARE, request_uri=reference)
    assert page(refused) == 400
    assert "expired 119 s ago" in refused.text
    assert "code" in answered(flow.finish(login_page))


def test_the_lifetime_is_in_the_seed(start: Start) -> None:
    assert start({"lifetimes": {"pushed_request": "5m"}}).push().get_json()["expires_in"] == 300


def test_a_reference_is_for_the_client_that_pushed(flow: Flow) -> None:
    refused = flow.authorize(**BARE, client_id="spa", request_uri=pushed(flow))
    assert page(refused) == 400
    assert "was issued to client" in refused.text


def test_a_reference_of_another_issuer_is_unknown(flow: Flow) -> None:
    reference = pushed(flow)
    assert "is not known to issuer" in flow.at("enterprise").authorize(**BARE, request_uri=reference).text


@pytest.mark.parametrize("uri", ["https://client.example/request", "urn:other", "x"])
def test_a_reference_that_is_no_pushed_request_is_refused_by_name(flow: Flow, uri: str) -> None:
    assert redirected(flow.authorize(request_uri=uri))["error"] == "request_uri_not_supported"


def test_where_it_is_required_nothing_else_is_taken(start: Start) -> None:
    flow = start({"features": {"require_pushed_authorization_requests": True}})
    assert flow.metadata()["require_pushed_authorization_requests"] is True
    refused = redirected(flow.authorize())
    assert refused["error"] == "invalid_request"
    assert "this issuer has require_pushed_authorization_requests" in refused["error_description"]
    assert "code" in flow.redirect(**BARE, request_uri=pushed(flow))


def test_a_client_can_require_it_of_itself(start: Start) -> None:
    flow = start(clients={"web": {"require_pushed_authorization_requests": True}})
    assert "client 'web' has" in redirected(flow.authorize())["error_description"]
    assert "code" in flow.redirect(**BARE, request_uri=pushed(flow))


def test_a_registered_client_can_require_it_of_itself(flow: Flow) -> None:
    registered = flow.register(redirect_uris=[REDIRECT_URI], require_pushed_authorization_requests=True).get_json()
    assert registered["require_pushed_authorization_requests"] is True
    refused = redirected(flow.authorize(client_id=registered["client_id"]))
    assert refused["error"] == "invalid_request"


def test_an_issuer_without_the_feature_has_no_endpoint(start: Start) -> None:
    flow = start({"features": {"pushed_authorization_requests": False}})
    assert not any("pushed" in name for name in flow.metadata())
    assert refusal(flow.push()) == (404, "not_found")
    refused = redirected(flow.authorize(request_uri="urn:ietf:params:oauth:request_uri:x"))
    assert refused["error"] == "request_uri_not_supported"


def test_parameters_in_the_query_of_the_push_do_not_count(flow: Flow) -> None:
    parameters = {name: value for name, value in flow.request().items() if name != "scope"}
    response = flow.http.post("/default/par?scope=unknown", data=parameters, auth=("web", "web-secret"))
    assert response.status_code == 201


def test_the_body_has_to_be_a_form(flow: Flow) -> None:
    response = flow.http.post("/default/par", json=flow.request(), auth=("web", "web-secret"))
    assert refusal(response) == (400, "invalid_request")
    assert "expected application/x-www-form-urlencoded" in description(response)

"""Answers that a person tries out on a page: errors, and what is wrong on purpose, in the client's response mode."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from devidp.models import Event
from tests.flow import Flow, Form, answer, answered
from tests.shipped import Start

MODES = ("query", "fragment", "form_post", "web_message")
ISSUER = "http://localhost:6749/default"
ERRORS = (
    "access_denied", "login_required", "consent_required", "interaction_required", "account_selection_required",
    "unmet_authentication_requirements", "server_error", "temporarily_unavailable", "invalid_request", "invalid_scope",
    "invalid_target", "unauthorized_client", "unsupported_response_type", "invalid_authorization_details",
    "invalid_request_object", "invalid_request_uri", "request_not_supported", "request_uri_not_supported",
    "registration_not_supported",
)  # fmt: skip


@pytest.fixture
def flow(start: Start) -> Flow:
    return start({"features": {"web_message": True}})


def last_event(flow: Flow) -> Event:
    return flow.runtime.event_log.since(0)[0][-1]


def consent_page(flow: Flow, **changes: Any) -> TestResponse:
    return flow.log_in(flow.authorize(**changes))


def tried(flow: Flow, page: TestResponse, name: str) -> TestResponse:
    """What a click on a button of ``page`` answers, with the scopes ticked where there are some."""
    return flow.post(page, answer_with=name, scope=Form(page.text).offered.get("scope", []))


def test_each_error_of_the_specifications_goes_to_the_client(flow: Flow) -> None:
    page = flow.authorize()
    assert set(ERRORS) <= set(Form(page.text).offered["answer_with"])
    for error in ERRORS:
        got = answered(tried(flow, page, error))
        assert (got["error"], got["state"], got["iss"]) == (error, "a state", ISSUER)
        assert "A person asked for this error on the page" in got["error_description"]
        event = last_event(flow)
        assert (event.endpoint, event.error, event.reason) == (
            "login",
            error,
            "A person asked for this error on the page",
        )


@pytest.mark.parametrize("mode", MODES)
def test_an_error_comes_in_the_response_mode_of_the_client(flow: Flow, mode: str) -> None:
    response = tried(flow, consent_page(flow, response_mode=mode), "temporarily_unavailable")
    assert answered(response)["error"] == "temporarily_unavailable"
    assert ("#" in response.headers.get("Location", "")) == (mode == "fragment")


def test_nothing_is_used_up_by_an_error(flow: Flow) -> None:
    pushed = flow.push().get_json()["request_uri"]
    page = flow.http.get(f"{flow.base}/authorize", query_string={"client_id": "web", "request_uri": pushed})
    for error in ("access_denied", "login_required"):
        assert answered(tried(flow, page, error))["error"] == error
    assert "code" in answered(flow.finish(page))


WRONG: dict[str, dict[str, str | None]] = {
    "iss-wrong": {"iss": "https://attacker.example"},
    "iss-missing": {"iss": None},
    "iss-of-another-issuer": {"iss": "http://localhost:6749/enterprise"},
    "state-changed": {"state": "a statex"},
    "state-missing": {"state": None},
    "code-missing": {"code": None},
    "code-changed": {"code": "made-up"},
    "code-and-error": {"error": "access_denied"},
}


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_is_wrong_in_one_way_in_each_response_mode(flow: Flow, mode: str) -> None:
    page = consent_page(flow, response_mode=mode)
    for failure, wrong in WRONG.items():
        got = answered(tried(flow, page, failure))
        sound = {"iss": ISSUER, "state": "a state", "code": got.get("code")}
        assert got == {name: value for name, value in {**sound, **wrong}.items() if value is not None}
        assert last_event(flow).outcome == f"failure {failure} as a person asked for on the page"


def test_what_was_chosen_at_the_login_is_done_when_the_user_has_agreed(flow: Flow) -> None:
    page = tried(flow, flow.authorize(), "iss-missing")
    assert "The answer will be wrong, as you asked below" in page.text
    consent = flow.log_in(page)
    assert "The answer will be wrong, as you asked below" in consent.text
    answer = answered(flow.allow(consent))
    assert "code" in answer
    assert "iss" not in answer


def test_what_was_chosen_can_be_taken_back_on_each_page(flow: Flow) -> None:
    chosen = tried(flow, flow.authorize(), "iss-missing")
    back = tried(flow, chosen, "sound")
    assert "The answer will be wrong" not in back.text
    consent = tried(flow, flow.log_in(tried(flow, back, "iss-missing")), "sound")
    assert "The answer will be wrong" not in consent.text
    assert answered(flow.allow(consent))["iss"] == ISSUER


def test_a_wrong_answer_remembers_nothing_and_uses_nothing_up(flow: Flow) -> None:
    pushed = flow.push().get_json()["request_uri"]
    request = {"client_id": "web", "request_uri": pushed}
    page = flow.log_in(flow.http.get(f"{flow.base}/authorize", query_string=request))
    assert answered(tried(flow, page, "state-changed"))["state"] == "a statex"
    again = flow.http.get(f"{flow.base}/authorize", query_string=request)
    assert "decision" in Form(again.text).offered
    assert answered(flow.allow(again))["state"] == "a state"


def test_scripted_failures_of_others_are_left_alone(flow: Flow) -> None:
    body = {"endpoint": "authorize", "failure": "iss-missing", "user": "bob"}
    assert flow.http.post("/_devidp/api/failures", json=body).status_code == 201
    assert answered(tried(flow, consent_page(flow), "state-missing")).keys() == {"code", "iss"}
    assert len(flow.runtime.overrides.current.failures) == 1


@pytest.mark.parametrize("mode", ["form_post", "web_message"])
def test_a_scripted_failure_spoils_what_a_page_brings_to_the_client_too(flow: Flow, mode: str) -> None:
    body = {"endpoint": "authorize", "failure": "state-changed"}
    assert flow.http.post("/_devidp/api/failures", json=body).status_code == 201
    assert flow.redirect(response_mode=mode)["state"] == "a statex"
    assert flow.runtime.overrides.current.failures == ()


def test_an_answer_without_a_code_has_the_failures_that_it_can_have(start: Start) -> None:
    flow = start({"features": {"implicit": True}}, clients={"web": {"response_types": ["id_token"]}})
    changes = {"response_type": "id_token", "nonce": "n", "code_challenge": None, "code_challenge_method": None}
    page = consent_page(flow, **changes)
    offered = Form(page.text).offered["answer_with"]
    assert {"iss-wrong", "state-changed"} <= set(offered)
    assert not [each for each in offered if each.startswith("code-")]
    response = tried(flow, page, "iss-wrong")
    assert answer(response.headers["Location"])["iss"] == "https://attacker.example"


def test_what_the_page_does_not_offer_is_refused(flow: Flow) -> None:
    page = consent_page(flow)
    for name in ("code-of-nothing", "logout-state-changed", "unknown_error", "expired_token"):
        refused = tried(flow, page, name)
        assert refused.status_code == 400
        assert "which the page does not offer" in refused.text


def test_only_a_form_of_this_browser_can_ask(flow: Flow) -> None:
    page = flow.authorize()
    other = flow.other_browser()
    other.authorize()
    assert tried(other, page, "access_denied").status_code == 403
    assert flow.http.post(f"{flow.base}/login", data={"answer_with": "access_denied"}).status_code == 403


def test_the_page_for_the_second_factor_has_them_too(flow: Flow) -> None:
    page = flow.log_in(flow.authorize(acr_values="2"))
    assert "code" in Form(page.text).offered
    assert (
        answered(tried(flow, page, "unmet_authentication_requirements"))["error"] == "unmet_authentication_requirements"
    )
    again = tried(flow, page, "state-missing")
    assert "The answer will be wrong" in again.text
    shown = Form(again.text).offered["shown_code"][0]
    assert answered(flow.allow(flow.post(again, shown_code=shown))).keys() == {"code", "iss"}

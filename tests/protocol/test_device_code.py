"""The device authorization grant (RFC 8628): a device that polls, and a user at a browser."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask
from werkzeug.test import TestResponse

from devidp.app import create_app
from devidp.models.config import Config
from devidp.system.clock import Clock
from tests.flow import Flow, Form
from tests.refusal import description, page, refusal
from tests.serving import wsgi_served
from tests.shipped import PUBLIC_URL, Start, shipped

pytestmark = pytest.mark.contract

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
CLIENTS: dict[str, Any] = {
    "tv": {"public": True, "grants": ["device_code", "refresh_token"], "name": "Television"},
    "other": {"public": True, "grants": ["device_code"]},
}
SCOPE = "openid mcp:read mcp:write"


@pytest.fixture
def flow(start: Start) -> Flow:
    return start(at="enterprise", clients=CLIENTS)


def asked(flow: Flow, **parameters: Any) -> dict[str, Any]:
    data = {"client_id": "tv", "scope": SCOPE, **parameters}
    answer = flow.http.post(f"{flow.base}/device_authorization", data=data)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def poll(flow: Flow, device_code: str, client: str = "tv", **parameters: Any) -> TestResponse:
    return flow.token(client, grant_type=GRANT, device_code=device_code, **parameters)


def code_page(flow: Flow, user_code: str) -> TestResponse:
    first = flow.http.get(f"{flow.base}/device")
    return flow.post(first, user_code=user_code)


def consent_page(flow: Flow, user_code: str, username: str = "alice") -> TestResponse:
    shown = code_page(flow, user_code)
    return flow.log_in(shown, username) if "password" in Form(shown.text).offered else shown


def test_a_device_gets_tokens_once_its_user_has_agreed(flow: Flow) -> None:
    started = asked(flow)
    assert refusal(poll(flow, started["device_code"])) == (400, "authorization_pending")
    done = flow.allow(consent_page(flow, started["user_code"]))
    assert "Device connected" in done.text
    tokens = poll(flow, started["device_code"]).get_json()
    assert (tokens["scope"], tokens["token_type"]) == (SCOPE, "Bearer")
    assert "id_token" in tokens
    state = flow.introspect(tokens["access_token"])
    assert (state["username"], state["client_id"]) == ("alice", "tv")
    assert flow.refresh(tokens["refresh_token"], "tv").status_code == 200


def test_every_request_from_the_code_to_the_token_is_of_one_flow(flow: Flow) -> None:
    started = asked(flow)
    poll(flow, started["device_code"])
    flow.allow(consent_page(flow, started["user_code"]))
    poll(flow, started["device_code"])
    events = [each for each in flow.runtime.event_log.since()[0] if each.outcome != "code page"]
    assert [each.endpoint for each in events] == [
        "device_authorization", "token", "device", "device-login", "device-consent", "token",
    ]  # fmt: skip
    assert len({each.flow for each in events} - {""}) == 1
    assert {each.client for each in events} == {"tv"}


def test_the_answer_says_where_to_go_and_how_long(flow: Flow) -> None:
    started = asked(flow)
    page_url = f"{PUBLIC_URL}/enterprise/device"
    assert started["verification_uri"] == page_url
    assert started["verification_uri_complete"] == f"{page_url}?user_code={started['user_code']}"
    assert (started["expires_in"], started["interval"]) == (600, 5)
    assert set(started["user_code"]) <= set("BCDFGHJKLMNPQRSTVWXZ-")
    assert len(started["user_code"]) == 9


def test_the_complete_address_shows_the_code_and_lets_the_user_confirm_it(flow: Flow) -> None:
    started = asked(flow)
    shown = flow.http.get(f"{flow.base}/device", query_string={"user_code": started["user_code"]})
    assert Form(shown.text).offered["user_code"] == [started["user_code"]]
    assert "password" in Form(flow.post(shown, user_code=started["user_code"]).text).offered


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_the_code_may_be_typed_in_any_case_and_without_the_hyphen(flow: Flow, change: Any) -> None:
    assert "password" in Form(code_page(flow, change(asked(flow)["user_code"])).text).offered


def test_the_pages_say_who_asks_and_with_which_code(flow: Flow) -> None:
    started = asked(flow)
    shown = consent_page(flow, started["user_code"])
    assert "Television" in shown.text
    assert started["user_code"] in shown.text
    assert "Whoever sent you the code" in shown.text


def test_the_user_may_grant_a_part(flow: Flow) -> None:
    started = asked(flow)
    flow.post(consent_page(flow, started["user_code"]), decision="allow", scope=["mcp:read"])
    assert poll(flow, started["device_code"]).get_json()["scope"] == "openid mcp:read"


def test_the_user_gets_no_more_than_the_seed_allows(flow: Flow) -> None:
    started = asked(flow)
    flow.allow(consent_page(flow, started["user_code"], "bob"))
    assert poll(flow, started["device_code"]).get_json()["scope"] == "openid mcp:read"


def test_the_user_may_deny(flow: Flow) -> None:
    started = asked(flow)
    assert "Access denied" in flow.post(consent_page(flow, started["user_code"]), decision="deny").text
    assert refusal(poll(flow, started["device_code"])) == (400, "access_denied")


def test_the_user_may_switch_the_account(flow: Flow) -> None:
    started = asked(flow)
    login = flow.post(consent_page(flow, started["user_code"]), decision="switch")
    flow.allow(flow.log_in(login, "bob"))
    tokens = poll(flow, started["device_code"]).get_json()
    assert flow.introspect(tokens["access_token"])["username"] == "bob"


def test_a_consent_that_was_shown_to_another_user_does_not_count(flow: Flow) -> None:
    first, second = asked(flow), asked(flow)
    shown = consent_page(flow, first["user_code"])
    flow.log_in(flow.post(consent_page(flow, second["user_code"]), decision="switch"), "bob")
    assert "logged in as bob now" in flow.allow(shown).text
    assert refusal(poll(flow, first["device_code"])) == (400, "authorization_pending")


def test_a_disabled_user_cannot_log_in(flow: Flow) -> None:
    assert "is disabled" in consent_page(flow, asked(flow)["user_code"], "mallory").text


@pytest.mark.parametrize("typed", ["", "BBBB-BBBB", "AEIOU", "x" * 5000, "<b>"])
def test_a_wrong_code_is_said_on_the_page(flow: Flow, typed: str) -> None:
    shown = code_page(flow, typed)
    assert page(shown) == 400
    assert "No device shows this code" in shown.text
    assert "<b>" not in shown.text


def test_a_code_is_decided_on_once(flow: Flow) -> None:
    started = asked(flow)
    shown = consent_page(flow, started["user_code"])
    flow.allow(shown)
    again = flow.post(shown, decision="deny")
    assert "This code has been used" in again.text
    assert "This code has been used" in code_page(flow, started["user_code"]).text
    assert poll(flow, started["device_code"]).status_code == 200


def test_a_form_of_another_browser_does_not_count(flow: Flow) -> None:
    started = asked(flow)
    shown = consent_page(flow, started["user_code"])
    assert page(flow.other_browser().post(shown, decision="allow")) == 403
    assert page(flow.http.post(f"{flow.base}/device", data={"user_code": started["user_code"]})) == 403


def test_a_device_that_polls_too_fast_is_slowed_down(flow: Flow, clock: Clock) -> None:
    clock.freeze()
    code = asked(flow)["device_code"]
    waits = [(0, "authorization_pending"), (4, "slow_down"), (9, "slow_down"), (15, "authorization_pending")]
    for seconds, expected in waits:
        clock.advance(seconds)
        assert refusal(poll(flow, code)) == (400, expected)
    clock.advance(14)
    assert "Wait 20 s" in description(poll(flow, code))


def test_an_old_code_is_told_from_an_unknown_one(flow: Flow, clock: Clock) -> None:
    started = asked(flow)
    clock.advance(601)
    assert refusal(poll(flow, started["device_code"])) == (400, "expired_token")
    assert refusal(poll(flow, "unknown")) == (400, "invalid_grant")
    assert "has expired" in code_page(flow, started["user_code"]).text


def test_a_code_is_used_once(flow: Flow) -> None:
    started = asked(flow)
    flow.allow(consent_page(flow, started["user_code"]))
    assert poll(flow, started["device_code"]).status_code == 200
    assert refusal(poll(flow, started["device_code"])) == (400, "invalid_grant")


def test_of_polls_that_race_for_a_code_one_wins(flow: Flow) -> None:
    started = asked(flow)
    flow.allow(consent_page(flow, started["user_code"]))
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: poll(flow.other_browser(), started["device_code"]).status_code, range(6)))
    assert sorted(answers) == [200, *[400] * 5]


def test_a_code_belongs_to_its_client_and_issuer(flow: Flow) -> None:
    started = asked(flow)
    flow.allow(consent_page(flow, started["user_code"]))
    assert refusal(poll(flow, started["device_code"], "other")) == (400, "invalid_grant")
    assert poll(flow, started["device_code"]).status_code == 200


def test_the_resource_becomes_the_audience(flow: Flow) -> None:
    started = asked(flow, resource="http://localhost:8000/mcp", scope="mcp:read")
    flow.allow(consent_page(flow, started["user_code"]))
    tokens = poll(flow, started["device_code"]).get_json()
    assert flow.introspect(tokens["access_token"])["aud"] == "http://localhost:8000/mcp"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_id": "spa"}, (400, "unauthorized_client")),
        ({"client_id": "nobody"}, (401, "invalid_client")),
        ({"scope": "unknown"}, (400, "invalid_scope")),
        ({"resource": "https://unknown.example"}, (400, "invalid_target")),
        ({"scope": ["openid", "email"]}, (400, "invalid_request")),
    ],
)
def test_what_cannot_be_asked_for_is_refused(flow: Flow, changes: Any, expected: tuple[int, str]) -> None:
    assert refusal(flow.http.post(f"{flow.base}/device_authorization", data={"client_id": "tv", **changes})) == expected


def test_an_approved_user_needs_no_page(start: Start) -> None:
    flow = start({"auto_approve": "alice", "grants": ["device_code"]}, clients=CLIENTS)
    assert poll(flow, asked(flow)["device_code"]).status_code == 200


@pytest.mark.parametrize("on", [True, False])
def test_the_grant_is_advertised_and_served_exactly_when_it_is_on(start: Start, on: bool) -> None:
    flow = start(at="enterprise" if on else "default", clients=CLIENTS)
    metadata = flow.http.get(f"{flow.base}/.well-known/openid-configuration").get_json()
    assert ("device_authorization_endpoint" in metadata) is on
    assert (GRANT in metadata["grant_types_supported"]) is on
    assert flow.http.get(f"{flow.base}/device").status_code == (200 if on else 404)
    asking = flow.http.post(f"{flow.base}/device_authorization", data={"client_id": "tv"})
    assert asking.status_code == (200 if on else 404)
    assert refusal(poll(flow, "code"))[1] == ("invalid_grant" if on else "unsupported_grant_type")


def test_authlibs_client_walks_through_it() -> None:
    def make(base_url: str) -> Flask:
        return create_app(Config(base_url), shipped(clients=CLIENTS))

    with wsgi_served(make) as (base_url, application):
        issuer = f"{base_url}/enterprise"
        with OAuth2Session("tv", token_endpoint_auth_method="none") as session:
            asking = {"client_id": "tv", "scope": "openid"}
            started = session.request("POST", f"{issuer}/device_authorization", data=asking, withhold_token=True).json()
            flow = Flow(application, "enterprise")
            flow.allow(consent_page(flow, started["user_code"]))
            tokens = session.fetch_token(f"{issuer}/token", grant_type=GRANT, device_code=started["device_code"])
        assert tokens["token_type"] == "Bearer"
        application.extensions["devidp"].close()


@pytest.mark.parametrize(("switch", "taken"), [(False, False), (True, True)])
def test_a_grant_may_be_named_without_the_beginning_of_its_urn_by_a_switch(
    start: Start, switch: bool, taken: bool
) -> None:
    flow = start({"grants": None, "short_grant_types": switch}, clients=CLIENTS)
    answer = flow.token("tv", grant_type="device_code", device_code=asked(flow)["device_code"])
    assert refusal(answer) == (400, "authorization_pending" if taken else "unsupported_grant_type")
    assert ("short_grant_types: true" in description(answer)) is not taken
    assert refusal(flow.token("tv", grant_type="code")) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("error", ["access_denied", "expired_token"])
def test_a_developer_lets_the_device_get_an_error(flow: Flow, error: str) -> None:
    for page_of in (code_page, consent_page):
        started = asked(flow)
        done = flow.post(page_of(flow, started["user_code"]), answer_with=error)
        assert {"access_denied": "Access denied", "expired_token": "Code expired"}[error] in done.text
        assert refusal(poll(flow, started["device_code"])) == (400, error)
        event = next(each for each in flow.runtime.event_log.since()[0] if each.outcome.startswith(error))
        assert (event.client, event.outcome) == ("tv", f"{error} as a person asked for on the page")


def test_the_pages_say_to_a_developer_what_the_device_asked_for(flow: Flow) -> None:
    shown = code_page(flow, asked(flow)["user_code"])
    assert "The device asked for this." in shown.text
    assert "The client is public: it has no secret; it is in the seed." in shown.text
    refused = flow.post(shown, answer_with="login_required")
    assert "which the page does not offer" in refused.text

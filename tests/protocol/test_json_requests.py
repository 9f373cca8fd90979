"""Parameters as a JSON object: off unless the seed says so, and then worth what they are in a form."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from werkzeug.test import TestResponse

from tests.flow import REDIRECT_URI, VERIFIER, Flow, payload
from tests.shipped import Start

SERVICE = {"client_id": "service", "client_secret": "service-secret"}
WEB = {"client_id": "web", "client_secret": "web-secret"}
CREDENTIALS = {**SERVICE, "grant_type": "client_credentials"}
ENDPOINTS = ("token", "introspect", "revoke", "device_authorization", "par")
"""What an application calls, with parameters of OAuth."""
GRANTS = ["authorization_code", "refresh_token", "client_credentials", "device_code"]


@pytest.fixture
def flow(start: Start) -> Flow:
    return start({"json_requests": True, "grants": GRANTS})


def send(flow: Flow, endpoint: str, members: object) -> TestResponse:
    return flow.http.post(f"{flow.base}/{endpoint}", json=members)


def said(flow: Flow, body: bytes, endpoint: str = "token") -> str:
    """Why a body is refused."""
    answer = flow.http.post(f"{flow.base}/{endpoint}", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request"), answer.text
    return str(answer.get_json()["error_description"])


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_json_is_refused_by_the_name_of_its_switch(start: Start, endpoint: str) -> None:
    why = said(start({"grants": GRANTS}), json.dumps(CREDENTIALS).encode(), endpoint)
    assert "expected application/x-www-form-urlencoded" in why
    assert "or set 'json_requests: true' for the issuer in the seed" in why


def test_no_switch_is_promised_where_there_is_none(start: Start) -> None:
    for flow in (start(), start({"json_requests": True})):
        for endpoint in ("authorize", "logout", "login"):
            page = flow.http.post(f"{flow.base}/{endpoint}", json=flow.request())
            assert page.status_code == 400
            assert "expected application/x-www-form-urlencoded" in page.text
            assert "json_requests" not in page.text


def test_every_endpoint_that_applications_call_takes_it(flow: Flow) -> None:
    pushed = send(flow, "par", {**flow.request(), **WEB})
    assert pushed.status_code == 201
    code = flow.redirect(request_uri=pushed.get_json()["request_uri"], client_id="web")["code"]
    exchange = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    tokens = send(flow, "token", {**WEB, **exchange, "code_verifier": VERIFIER}).get_json()
    fresh = send(flow, "token", {**WEB, "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]})
    token = fresh.get_json()["access_token"]
    assert payload(token)["sub"] == "alice"
    assert send(flow, "introspect", {**WEB, "token": token}).get_json()["active"] is True
    assert send(flow, "revoke", {**WEB, "token": token}).status_code == 200
    assert send(flow, "introspect", {**WEB, "token": token}).get_json() == {"active": False}


def test_a_device_asks_in_json(flow: Flow) -> None:
    started = send(flow, "device_authorization", {"client_id": "device", "scope": "openid"}).get_json()
    poll = {"client_id": "device", "grant_type": "urn:ietf:params:oauth:grant-type:device_code"}
    answer = send(flow, "token", {**poll, "device_code": started["device_code"]})
    assert answer.get_json()["error"] == "authorization_pending"


def test_forms_are_still_taken(flow: Flow) -> None:
    assert flow.http.post(f"{flow.base}/token", data=CREDENTIALS).status_code == 200


def test_a_secret_in_the_header_stands_beside_json(flow: Flow) -> None:
    members = {"grant_type": "client_credentials"}
    answer = flow.http.post(f"{flow.base}/token", json=members, auth=("service", "service-secret"))
    assert answer.status_code == 200


def test_null_and_the_empty_text_are_no_value(flow: Flow) -> None:
    answer = send(flow, "token", {**CREDENTIALS, "scope": None, "resource": ""})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("value", "kind"),
    [(1, "a number"), (1.5, "a number"), (True, "true or false"), (["a"], "a list"), ({"a": "b"}, "an object")],
)
def test_a_parameter_is_a_text(flow: Flow, value: object, kind: str) -> None:
    why = said(flow, json.dumps({**CREDENTIALS, "scope": value}).encode())
    assert f"The parameter 'scope' is {kind}, expected a text" in why


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"grant_type": "client_credentials", "grant_type": "password"}', "'grant_type' came more than once"),
        (b'["grant_type"]', "expected a JSON object"),
        (b"grant_type=client_credentials", "is not JSON"),
        (b"", "is not JSON"),
        (b'{"grant_type": "\xff"}', "is not JSON"),
        (b'{"scope": "\\ud800"}', "lone surrogate"),
        (json.dumps({f"p{number}": "x" for number in range(101)}).encode(), "more than 100 parameters"),
    ],
)
def test_what_is_no_object_of_texts_is_refused(flow: Flow, body: bytes, why: str) -> None:
    assert why in said(flow, body)


def test_secrets_of_a_refused_body_are_not_repeated(flow: Flow) -> None:
    assert "service-secret" not in said(flow, json.dumps({**SERVICE, "scope": ["service-secret"]}).encode())


def test_an_event_says_the_same_of_both(flow: Flow) -> None:
    both = []
    for sent in ({"json": {**CREDENTIALS, "scope": "mcp:read"}}, {"data": {**CREDENTIALS, "scope": "mcp:read"}}):
        flow.http.post(f"{flow.base}/token", **sent)
        both.append(flow.runtime.event_log.since()[0][-1])
    assert both[0].asked == both[1].asked
    assert both[0].asked["requested_scope"] == "mcp:read"
    assert not [text for text in both[0].asked.values() if "service-secret" in text]


def test_a_refused_body_is_an_event_without_its_parameters(flow: Flow) -> None:
    said(flow, json.dumps({**CREDENTIALS, "scope": 7}).encode())
    event = flow.runtime.event_log.since()[0][-1]
    assert (event.error, "scope" in event.reason) == ("invalid_request", True)
    assert "grant_type" not in event.asked


def test_a_page_of_another_origin_may_send_it(flow: Flow) -> None:
    headers = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "auth0-client,content-type"}
    preflight = flow.http.options(f"{flow.base}/token", headers={"Origin": "http://localhost:3000", **headers})
    assert preflight.headers["Access-Control-Allow-Headers"] == "auth0-client,content-type"
    answer = flow.http.post(f"{flow.base}/token", json=CREDENTIALS, headers={"Origin": "http://localhost:3000"})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")


def test_a_failure_finds_its_request_in_json(flow: Flow) -> None:
    scripted = {"endpoint": "token", "error": "temporarily_unavailable", "client": "service"}
    assert flow.http.post("/_devidp/api/failures", json=scripted).status_code == 201
    refresh = {**WEB, "grant_type": "refresh_token", "refresh_token": "unknown"}
    assert send(flow, "token", refresh).get_json()["error"] == "invalid_grant"
    assert send(flow, "token", CREDENTIALS).get_json()["error"] == "temporarily_unavailable"


def test_the_documented_request_is_served(start: Start) -> None:
    page = (Path(__file__).parents[2] / "docs" / "endpoints.md").read_text(encoding="utf-8")
    seed, body = re.findall(r"```(?:yaml|sh)\n(.*?)```", page.partition("## JSON requests")[2], re.DOTALL)[:2]
    flow = start(yaml.safe_load(seed)["issuers"]["default"])
    (members,) = re.findall(r"'(\{.*\})'", body)
    answer = flow.http.post("/default/token", data=members, content_type="application/json")
    assert answer.status_code == 200, answer.text

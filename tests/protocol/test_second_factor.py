"""The second factor: who is asked for it and when, what proves it, and what tokens say of it (RFC 8176, RFC 9470)."""

from __future__ import annotations

import json
from typing import Any

import pyotp
import pytest
from werkzeug.test import TestResponse

from devidp.system.clock import Clock
from tests.flow import Flow, Form, answered, payload
from tests.refusal import redirected
from tests.shipped import Start

pytestmark = pytest.mark.contract

USERS = {"alice": {"mfa": "totp"}, "bob": {"mfa": "push"}}
API = "/_devidp/api"
DEVICES = "/_devidp/controls/pushes"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture
def flow(start: Start) -> Flow:
    return start(users=USERS)


def essential(value: str) -> str:
    return json.dumps({"id_token": {"acr": {"essential": True, "value": value}}})


def asks(page: TestResponse) -> bool:
    """Whether the page asks for the second factor."""
    return page.status_code == 200 and "Confirm that it is you" in page.text


def authenticator(flow: Flow, username: str = "alice") -> dict[str, Any]:
    body: dict[str, Any] = flow.http.get(f"{API}/users/{username}/authenticator").get_json()
    return body


def waiting(flow: Flow) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = flow.http.get(f"{API}/pushes").get_json()["pushes"]
    return found


def answer_push(flow: Flow, decision: str) -> None:
    answer = flow.http.post(f"{API}/pushes", json={"decision": decision, "user": "bob"})
    assert answer.get_json() == {"decided": 1}


def shown_code(page: TestResponse) -> str:
    return Form(page.text).offered["shown_code"][0]


def current_code(flow: Flow) -> str:
    return pyotp.TOTP(authenticator(flow)["secret"]).now()


def id_token(flow: Flow, page: TestResponse) -> dict[str, Any]:
    """The claims at the end of the way that goes on at ``page``."""
    return payload(flow.exchange(answered(flow.finish(page))["code"]).get_json()["id_token"])


def test_who_has_a_second_factor_is_not_asked_where_one_is_enough(flow: Flow) -> None:
    claims = payload(flow.tokens()["id_token"])
    assert (claims["acr"], claims["amr"]) == ("1", ["pwd"])


@pytest.mark.parametrize("wish", [{"acr_values": "2"}, {"acr_values": "9 2 1"}, {"claims": essential("2")}])
def test_a_code_of_an_authenticator_reaches_the_second_class(flow: Flow, wish: dict[str, str]) -> None:
    page = flow.log_in(flow.authorize(**wish))
    assert asks(page)
    page = flow.post(page, code=current_code(flow))
    tokens = flow.exchange(answered(flow.finish(page))["code"]).get_json()
    later = flow.refresh(tokens["refresh_token"]).get_json()
    for token in (tokens["id_token"], tokens["access_token"], later["id_token"], later["access_token"]):
        assert (payload(token)["acr"], payload(token)["amr"]) == ("2", ["pwd", "otp", "mfa"])


def test_one_click_takes_the_code_that_is_shown(flow: Flow) -> None:
    page = flow.post(flow.authorize(acr_values="2"), login_as="alice")
    assert id_token(flow, flow.post(page, shown_code=shown_code(page)))["amr"] == ["user", "otp", "mfa"]


def test_codes_follow_the_clock_of_devidp(flow: Flow, frozen: Clock) -> None:
    page = flow.log_in(flow.authorize(acr_values="2"))
    code = shown_code(page)
    assert code == authenticator(flow)["code"] == pyotp.TOTP(authenticator(flow)["secret"]).at(frozen.seconds())
    scanned = pyotp.parse_uri(authenticator(flow)["uri"])
    assert isinstance(scanned, pyotp.TOTP)
    assert (scanned.name, scanned.at(frozen.seconds())) == ("alice", code)
    frozen.advance(60)
    page = flow.post(page, code=code)
    assert "not the code that the authenticator of alice shows" in page.text
    frozen.advance(30)  # typed late
    assert id_token(flow, flow.post(page, code=shown_code(page)))["acr"] == "2"


@pytest.mark.parametrize("code", ["", "000000", "x", "12345", "é", "1" * 400])
def test_another_code_is_refused_and_can_be_typed_again(flow: Flow, code: str) -> None:
    page = flow.post(flow.log_in(flow.authorize(acr_values="2")), code=code)
    assert asks(page)
    assert "not the code" in page.text
    assert id_token(flow, flow.post(page, code=shown_code(page)))["acr"] == "2"


def test_an_answer_on_another_device_reaches_the_second_class(flow: Flow) -> None:
    page = flow.log_in(flow.authorize(acr_values="2"), "bob")
    assert [(each["user"], each["client"], each["issuer"]) for each in waiting(flow)] == [("bob", "web", "default")]
    page = flow.post(page)
    assert "not answered yet" in page.text
    answer_push(flow, "approve")
    assert waiting(flow) == []
    claims = id_token(flow, flow.post(page))
    assert (claims["acr"], claims["amr"]) == ("2", ["pwd", "mca", "mfa"])


def test_a_denial_on_another_device_is_one_of_the_request(flow: Flow) -> None:
    page = flow.log_in(flow.authorize(acr_values="2"), "bob")
    answer_push(flow, "deny")
    refused = redirected(flow.post(page))
    assert refused["error"] == "access_denied"
    assert "bob denied it" in refused["error_description"]


def test_an_answer_counts_once_and_only_for_its_own_login(flow: Flow) -> None:
    first, other = (flow.log_in(each.authorize(acr_values="2"), "bob") for each in (flow, flow))
    flow.http.post(f"{API}/pushes", json={"decision": "approve", "id": waiting(flow)[0]["id"]})
    pages = [flow.post(page) for page in (first, other)]
    assert [asks(page) for page in pages].count(True) == 1
    again = flow.log_in(flow.authorize(acr_values="2", prompt="login"), "bob")
    assert asks(flow.post(again))


def test_the_page_of_devices_answers_with_a_click(flow: Flow) -> None:
    page = flow.log_in(flow.authorize(acr_values="2"), "bob")
    assert f'href="{DEVICES}"' in page.text
    devices = flow.http.get(DEVICES)
    assert "Bob Brown" in devices.text
    answer = flow.post(devices, decision="approve")
    assert (answer.status_code, answer.headers["Location"]) == (303, DEVICES)
    after = flow.http.get(DEVICES).text
    assert "Answered: yes" in after
    assert "None waits" in after
    late = flow.post(devices, decision="deny")
    assert late.status_code == 400
    assert "waits no longer" in late.text
    assert id_token(flow, flow.post(page))["acr"] == "2"


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Origin": "https://evil.example"}, "calls it"),
        ({"Sec-Fetch-Site": "cross-site"}, "another site"),
        ({"X-Forwarded-For": "192.0.2.1"}, "through a proxy"),
    ],
)
def test_the_page_of_devices_is_for_this_machine(flow: Flow, headers: dict[str, str], why: str) -> None:
    for method in ("GET", "POST"):
        answer = flow.http.open(DEVICES, method=method, headers={"Accept": "text/html", **headers})
        assert answer.status_code == 403
        assert why in answer.text


def test_giving_up_is_a_denial(flow: Flow) -> None:
    page = flow.log_in(flow.authorize(acr_values="2"))
    assert redirected(flow.post(page, give_up="yes"))["error"] == "access_denied"


def test_a_login_with_one_factor_is_stepped_up_without_a_password(flow: Flow, frozen: Clock) -> None:
    before = payload(flow.tokens()["id_token"])
    frozen.advance(100)
    page = flow.authorize(acr_values="2")
    assert asks(page)
    after = id_token(flow, flow.post(page, code=shown_code(page)))
    assert (after["acr"], after["sid"]) == ("2", before["sid"])
    assert after["auth_time"] == before["auth_time"] + 100  # RFC 9470 section 3: of the last active event
    assert payload(flow.tokens(acr_values="2")["id_token"])["acr"] == "2"
    assert payload(flow.tokens(acr_values="1")["id_token"])["acr"] == "1"


def test_a_new_login_asks_for_both_factors_again(flow: Flow, frozen: Clock) -> None:
    page = flow.log_in(flow.authorize(acr_values="2"))
    flow.finish(flow.post(page, code=shown_code(page)))
    assert flow.authorize(acr_values="2").status_code == 303
    for wish in ({"prompt": "login"}, {"max_age": "60"}):
        frozen.advance(61)
        page = flow.authorize(acr_values="2", **wish)
        assert "password" in Form(page.text).offered
        assert asks(flow.log_in(page))


def test_without_a_page_nobody_can_be_asked(flow: Flow) -> None:
    flow.redirect()
    for wish in ({"acr_values": "2"}, {"claims": essential("2")}):
        refused = redirected(flow.authorize(prompt="none", **wish))
        assert refused["error"] == "login_required"
        assert "second factor" in refused["error_description"]


def test_an_issuer_can_ask_at_every_login(start: Start) -> None:
    flow = start({"second_factor": "always"}, users=USERS, clients={"web": {"consent": "skipped"}})
    page = flow.log_in(flow.authorize())
    assert asks(page)
    assert "password" not in Form(flow.authorize().text).offered  # the password was right, and is not enough
    assert asks(flow.authorize())
    assert id_token(flow, flow.post(page, code=shown_code(page)))["acr"] == "2"
    mallory = start({"second_factor": "always"}, users={"bob": {"mfa": "none"}})
    assert payload(mallory.tokens("bob")["id_token"])["acr"] == "1"


def test_a_device_is_approved_with_the_second_factor_too(start: Start) -> None:
    grants = ["device_code", "refresh_token", "urn:ietf:params:oauth:grant-type:token-exchange"]
    clients = {"tv": {"public": True, "grants": grants}}
    flow = start({"second_factor": "always", "grants": grants}, users=USERS, clients=clients)
    for username, methods in (("alice", ["pwd", "otp", "mfa"]), ("bob", ["pwd", "mca", "mfa"])):
        started = flow.http.post(
            "/default/device_authorization", data={"client_id": "tv", "scope": "openid offline_access mcp:read"}
        ).get_json()
        page = flow.other_browser()
        shown = page.post(page.http.get("/default/device"), user_code=started["user_code"])
        shown = page.log_in(shown, username)
        assert asks(shown)
        if username == "bob":
            answer_push(flow, "approve")
            shown = page.post(shown)
        else:
            assert "not the code" in page.post(shown, code="0").text
            shown = page.post(shown, shown_code=shown_code(shown))
        page.allow(shown)
        parameters = {
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
            "device_code": started["device_code"],
        }
        tokens = flow.token("tv", **parameters).get_json()
        again = flow.refresh(tokens["refresh_token"], "tv").get_json()
        exchanged = flow.token(
            "tv",
            grant_type=grants[2],
            subject_token=tokens["access_token"],
            subject_token_type="urn:ietf:params:oauth:token-type:access_token",
        ).get_json()
        for token in (tokens["access_token"], tokens["id_token"], again["id_token"], exchanged["access_token"]):
            assert (payload(token)["acr"], payload(token)["amr"]) == ("2", methods)


def test_giving_up_denies_the_device(start: Start) -> None:
    clients = {"tv": {"public": True, "grants": ["device_code"]}}
    flow = start({"second_factor": "always", "grants": ["device_code"]}, users=USERS, clients=clients)
    started = flow.http.post("/default/device_authorization", data={"client_id": "tv", "scope": "openid"}).get_json()
    page = flow.log_in(flow.post(flow.http.get("/default/device"), user_code=started["user_code"]))
    assert "Access denied" in flow.post(page, give_up="yes").text
    answer = flow.token("tv", grant_type=DEVICE, device_code=started["device_code"])
    assert answer.get_json()["error"] == "access_denied"


def test_an_automatic_user_has_what_is_asked_for(start: Start) -> None:
    flow = start({"auto_approve": "alice"}, users=USERS)
    assert payload(flow.tokens(claims=essential("2"))["id_token"])["amr"] == ["otp", "mfa"]
    one = start({"auto_approve": "bob"})
    assert redirected(one.authorize(claims=essential("2")))["error"] == "unmet_authentication_requirements"


def test_a_form_for_one_user_does_not_go_on_as_another(flow: Flow) -> None:
    page = flow.log_in(flow.authorize(acr_values="2"))
    code = shown_code(page)
    flow.redirect("bob", prompt="login")
    assert "logged in as bob now" in flow.post(page, code=code).text


@pytest.mark.parametrize("wish", [{"claims": essential("2")}, {"acr_values": "2"}])
def test_no_form_leads_past_the_second_factor(flow: Flow, wish: dict[str, str]) -> None:
    page = flow.log_in(flow.authorize(**wish))
    assert asks(page)
    agreed = {**Form(page.text).hidden, "decision": "allow", "scope": ["openid", "mcp:read"]}
    assert asks(flow.http.post("/default/consent", data=agreed))


def test_a_login_since_then_with_one_factor_does_not_agree_for_one_with_two(flow: Flow) -> None:
    consent = flow.post(flow.log_in(flow.authorize(acr_values="2")), shown_code=current_code(flow))
    assert "decision" in Form(consent.text).offered
    flow.log_in(flow.authorize(prompt="login"))
    assert asks(flow.allow(consent))


def test_guessed_codes_are_limited_as_passwords_are(start: Start) -> None:
    flow = start({"failed_logins": {"limit": 2}}, users=USERS)
    page = flow.log_in(flow.authorize(acr_values="2"))
    answers = [flow.post(page, code="x").status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert flow.post(page, code=shown_code(page)).status_code == 429


def test_a_factor_is_given_and_taken_while_devidp_runs(flow: Flow) -> None:
    changed = flow.http.patch(f"{API}/users/bob", json={"mfa": "totp"})
    assert changed.get_json()["mfa"] == "totp"
    assert len(authenticator(flow, "bob")["code"]) == 6
    refused = flow.http.patch(f"{API}/users/bob", json={"mfa": "sms"})
    assert refused.status_code == 400
    assert "expected one of: none, totp, push" in refused.get_json()["error_description"]
    flow.http.patch(f"{API}/users/bob", json={"mfa": "none"})
    assert "expected totp" in flow.http.get(f"{API}/users/bob/authenticator").get_json()["error_description"]


def test_an_answer_that_nobody_waits_for_is_refused(flow: Flow) -> None:
    answer = flow.http.post(f"{API}/pushes", json={"decision": "approve", "user": "bob"})
    assert answer.status_code == 400
    assert "no push waits for user 'bob'" in answer.get_json()["error_description"]


def test_a_question_waits_ten_minutes(flow: Flow, frozen: Clock) -> None:
    flow.log_in(flow.authorize(acr_values="2"), "bob")
    frozen.advance(600)
    assert waiting(flow) == []

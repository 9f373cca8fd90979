"""The log: one line a request, with what happened and what to do, and never a secret, code or token."""

from __future__ import annotations

import json
import logging

import pytest

from devidp.models import Event
from devidp.system.event_log import as_json, as_text
from tests.flow import VERIFIER, Flow, Form
from tests.shipped import Start, shipped


def walk_through_everything(flow: Flow) -> list[str]:
    """Every endpoint with success and refusal; the secrets that went over the wire."""
    page = flow.authorize()
    wrong = flow.post(page, username="alice", password="wrong-password-of-alice")
    consent = flow.log_in(wrong)
    session = flow.http.get_cookie("devidp-6749-default-session", path="/default")
    browser = flow.http.get_cookie("devidp-6749-default-browser", path="/default")
    assert session is not None
    assert browser is not None
    code = flow.redirect()["code"]
    flow.exchange(code, code_verifier="v" * 43)
    tokens = flow.exchange(code).get_json()
    refreshed = flow.refresh(tokens["refresh_token"]).get_json()
    flow.refresh(tokens["refresh_token"])
    flow.exchange(code)
    machine = flow.token("service", grant_type="client_credentials").get_json()
    client = flow.register(grant_types=["client_credentials"]).get_json()
    for token in (*tokens.values(), *refreshed.values(), machine["access_token"]):
        flow.introspect(str(token))
        flow.userinfo(str(token))
        flow.revoke(str(token))
        flow.revoke(str(token), "service")
    flow.http.post("/default/token", data={"grant_type": "refresh_token"}, headers={"Authorization": "bare-secret"})
    flow.http.post("/default/token", data={"grant_type": "refresh_token"}, auth=("web", "wrong-secret"))
    flow.http.post("/default/register", json={}, headers={"Authorization": "Bearer wrong-initial-token"})
    flow.userinfo("wrong-token")
    names = ("access_token", "refresh_token", "id_token")
    return [
        "alice-s-password", "wrong-password-of-alice", "web-secret", "service-secret", "bare-secret", "wrong-secret",
        "initial-token", "wrong-initial-token", "wrong-token", VERIFIER, "v" * 43, code, session.value, browser.value,
        Form(consent.text).hidden["transaction"], machine["access_token"], client["client_secret"],
        *(tokens[name] for name in names), *(refreshed[name] for name in names),
    ]  # fmt: skip


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_nothing_secret_is_logged_nor_kept(
    start: Start, log_format: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    flow = start(config={"log_format": log_format})
    secrets = walk_through_everything(flow)
    events = [as_json(event) for event in flow.runtime.event_log.since()[0]]
    out, err = capfd.readouterr()
    written = "\n".join([*caplog.messages, *events, out, err])
    assert len(events) > 30
    assert len(caplog.messages) >= len(events)
    for secret in secrets:
        assert secret not in written
        # nor enough of it to search for the rest
        assert len(secret) < 40 or secret[:20] not in written or "." in secret


def test_a_success_says_who_did_what(flow: Flow, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "devidp")
    flow.tokens()
    lines = [message.split(" ", 1)[1] for message in caplog.messages]
    assert lines[0].startswith("200 default/authorize client=web")
    assert lines[-1].startswith(
        '200 default/token client=web user=alice grant=authorization_code scope="openid mcp:read"'
    )


def test_a_refusal_says_why_and_what_to_do(flow: Flow, caplog: pytest.LogCaptureFixture) -> None:
    flow.token(grant_type="password")
    (message,) = caplog.messages
    assert caplog.records[0].levelno == logging.WARNING
    assert "400 default/token" in message
    assert "REFUSED unsupported_grant_type: grant_type is 'password', this issuer has:" in message
    assert " >> Send one of these" in message


def test_what_is_withheld_is_told(flow: Flow, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "devidp")
    flow.tokens("bob", scope="openid mcp:admin")
    assert 'detail="mcp:admin withheld: user bob may not have it"' in caplog.text


def test_a_refusal_that_goes_to_the_client_is_logged_as_one(flow: Flow, caplog: pytest.LogCaptureFixture) -> None:
    flow.authorize(scope="nope")
    assert "303 default/authorize client=web REFUSED invalid_scope" in caplog.text


@pytest.mark.parametrize("hostile", ["a\r\nINJECTED", "a\nINJECTED", "\x1b[31mred", "\u202eright", "\x00", "\u2028x"])
def test_whatever_a_client_sends_a_line_stays_one_line_of_plain_characters(
    flow: Flow, caplog: pytest.LogCaptureFixture, hostile: str
) -> None:
    caplog.set_level(logging.INFO, "devidp")
    page = flow.authorize(client_id=hostile)
    flow.authorize(scope=hostile, state=hostile)
    flow.post(flow.authorize(), username=hostile, password=hostile)
    flow.token(hostile, grant_type=hostile)
    flow.register(redirect_uris=[hostile], client_name=hostile)
    flow.register(redirect_uris=["app:/cb"], client_name=hostile)
    flow.http.post(f"/{hostile}/token".replace("\0", "%00"), data={"x": hostile})
    assert page.status_code == 400
    assert len(caplog.messages) > 5
    for message in caplog.messages:
        assert message.isascii()
        assert message.isprintable()


def test_json_lines_are_one_object_each_without_what_is_empty(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "devidp")
    flow = start(config={"log_format": "json"})
    flow.token("service", grant_type="client_credentials", scope="mcp:read")
    flow.authorize(client_id="a\nb")
    first, second = (json.loads(message) for message in caplog.messages)
    assert (first["endpoint"], first["client"], first["scope"]) == ("token", "service", "mcp:read")
    assert "error" not in first
    assert (second["error"], second["status"]) == ("invalid_request", 400)


def test_an_event_without_a_remedy_ends_with_the_reason() -> None:
    event = Event("token", "default", 400, 0.0, error="invalid_request", reason="no")
    assert as_text(event).endswith("400 default/token REFUSED invalid_request: no")


def test_an_internal_error_is_answered_in_json_and_logged_with_its_traceback(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    flow = start()
    flow.app.add_url_rule("/defect", view_func=lambda: str(1 // 0))
    response = flow.http.get("/defect")
    assert (response.status_code, response.get_json()["error"]) == (500, "server_error")
    assert "An internal error at GET /defect" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivisionError" not in response.text


def test_an_edited_seed_does_not_lose_events(flow: Flow) -> None:
    flow.authorize()
    flow.runtime.adopt(shipped())
    assert len(flow.runtime.event_log.since()[0]) == 1

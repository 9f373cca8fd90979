"""Logout by a refresh token, without a browser: what Keycloak's applications do."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from devidp.system.clock import Clock
from tests.flow import SECRETS, Flow, payload
from tests.issuer.logout.receiver import receiving
from tests.issuer.logout.relying_party import RelyingParty
from tests.refusal import description, refusal
from tests.shipped import Start

SEED = {"logout": {"refresh_token": True}, "refresh_grace": 0, "fetch": {"private_addresses": True}}


@pytest.fixture
def flow(start: Start) -> Flow:
    return start(SEED)


def post(flow: Flow, token: str, client: str = "web", **changes: str) -> TestResponse:
    form = {"client_id": client, "client_secret": SECRETS.get(client, ""), "refresh_token": token, **changes}
    return flow.http.post(f"{flow.base}/logout", data={name: value for name, value in form.items() if value})


def test_the_session_ends_with_its_tokens_at_every_client(flow: Flow) -> None:
    other, tokens = flow.tokens(client="spa"), flow.tokens()
    answer = post(flow, tokens["refresh_token"])
    assert (answer.status_code, answer.data) == (204, b"")
    for token in (tokens["access_token"], tokens["refresh_token"], other["access_token"], other["refresh_token"]):
        assert not flow.is_active(token)
    assert "login_required" in flow.authorize(prompt="none").headers["Location"]


def test_other_sessions_of_the_user_go_on(flow: Flow) -> None:
    elsewhere, tokens = flow.other_browser().tokens(), flow.tokens()
    post(flow, tokens["refresh_token"])
    assert flow.is_active(elsewhere["access_token"])


def test_the_other_clients_of_the_session_are_notified(flow: Flow) -> None:
    with receiving() as receiver:
        other = RelyingParty(flow, backchannel_logout_uri=receiver.url).log_in()
        assert post(flow, flow.tokens()["refresh_token"]).status_code == 204
        assert payload(receiver.logout_token())["sid"] == payload(other["id_token"])["sid"]


def test_a_token_for_offline_access_and_one_of_no_session_end_too(start: Start) -> None:
    grants = ["authorization_code", "refresh_token", "password"]
    flow = start({**SEED, "grants": grants}, clients={"web": {"grants": grants}})
    offline = flow.tokens(scope="openid offline_access", prompt="consent")["refresh_token"]
    direct = flow.token(grant_type="password", username="alice", password="alice").get_json()["refresh_token"]
    for token in (offline, direct):
        assert post(flow, token).status_code == 204
        assert refusal(flow.refresh(token)) == (400, "invalid_grant")


def test_what_has_ended_is_logged_out(flow: Flow, clock: Clock) -> None:
    tokens = flow.tokens()
    assert [post(flow, tokens["refresh_token"]).status_code for _ in range(2)] == [204, 204]
    expired = flow.tokens()["refresh_token"]
    clock.advance(31 * 86400)
    assert post(flow, expired).status_code == 204


def test_what_is_no_token_of_this_client_ends_nothing_and_is_refused_as_json(flow: Flow) -> None:
    tokens = flow.tokens()
    for token, client, said in (
        ("made-up", "web", "is not known to this issuer"),
        (tokens["access_token"], "web", "is not known to this issuer"),
        (tokens["refresh_token"], "spa", "was issued to client 'web'"),
    ):
        refused = post(flow, token, client)
        assert refusal(refused) == (400, "invalid_grant")
        assert said in description(refused)
    assert refusal(post(flow, tokens["refresh_token"], client_secret="wrong")) == (401, "invalid_client")
    assert flow.is_active(tokens["refresh_token"])


def test_where_it_is_off_it_is_refused_by_name(start: Start) -> None:
    flow = start()
    tokens = flow.tokens()
    refused = post(flow, tokens["refresh_token"])
    assert refusal(refused) == (400, "invalid_request")
    assert "logout: {refresh_token: true}" in description(refused)
    assert flow.is_active(tokens["refresh_token"])


def test_the_event_says_who_was_logged_out(flow: Flow) -> None:
    post(flow, flow.tokens()["refresh_token"])
    event = flow.runtime.event_log.since()[0][-1]
    assert (event.endpoint, event.client, event.user, event.outcome) == ("logout", "web", "alice", "logged out")

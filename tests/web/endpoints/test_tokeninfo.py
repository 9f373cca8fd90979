"""What a token says, for whoever has it."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from devidp.system.clock import Clock
from devidp.web.control.controller import Controller
from tests.flow import Flow, header, payload
from tests.refusal import refusal
from tests.shipped import Start

PATH = "/default/tokeninfo"
ON: dict[str, Any] = {"features": {"tokeninfo": True}}


@pytest.fixture
def flow(start: Start) -> Flow:
    return start(ON)


def asked(flow: Flow, **parameters: str) -> TestResponse:
    return flow.http.get(PATH, query_string=parameters)


def test_an_access_token_says_its_client_its_scope_and_its_end(flow: Flow, frozen: Clock) -> None:
    token = flow.tokens(scope="openid email")["access_token"]
    expected = {
        "azp": "web",
        "aud": "web",
        "sub": "alice",
        "scope": "openid email",
        "exp": str(frozen.seconds() + 3600),
        "expires_in": "3600",
        "email": "alice@acme.example",
        "email_verified": "true",
    }
    answers = [
        asked(flow, access_token=token),
        flow.http.post(PATH, data={"access_token": token}),
        flow.http.post(PATH, headers={"Authorization": f"Bearer {token}"}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert answer.get_json() == expected


def test_an_id_token_says_what_is_in_it(flow: Flow) -> None:
    token = flow.tokens(nonce="n")["id_token"]
    answer = asked(flow, id_token=token).get_json()
    claims = payload(token)
    assert answer.keys() == claims.keys() | header(token).keys()
    assert (answer["aud"], answer["nonce"], answer["exp"]) == ("web", "n", str(claims["exp"]))
    assert (answer["kid"], answer["alg"]) == (header(token)["kid"], "ES256")


def test_a_client_that_acts_for_itself_has_no_sub_there(flow: Flow) -> None:
    token = flow.token("service", grant_type="client_credentials").get_json()["access_token"]
    answer = asked(flow, access_token=token).get_json()
    assert answer["azp"] == "service"
    assert "sub" not in answer


@pytest.mark.parametrize("kind", ["access_token", "id_token"])
def test_a_token_that_is_not_good_is_refused(start: Start, clock: Clock, kind: str) -> None:
    flow = start(ON)
    tokens = flow.tokens()
    other = {"access_token": "id_token", "id_token": "access_token"}[kind]
    wrong = ["nonsense", tokens[other], flow.at("enterprise").tokens()[kind], f"{tokens[kind][:-8]}AAAAAAAA"]
    for token in wrong:
        assert refusal(asked(flow, **{kind: token})) == (400, "invalid_token")
    clock.advance(3601)
    assert refusal(asked(flow, **{kind: tokens[kind]})) == (400, "invalid_token")


def test_a_revoked_token_is_refused(flow: Flow) -> None:
    token = flow.tokens()["access_token"]
    flow.revoke(token)
    assert refusal(asked(flow, access_token=token)) == (400, "invalid_token")


@pytest.mark.parametrize("change", [{"disabled": True}, None])
def test_a_token_of_a_user_who_is_disabled_or_gone_is_refused(flow: Flow, change: dict[str, Any] | None) -> None:
    token = flow.tokens()["access_token"]
    alice = Controller(flow.runtime).users["alice"]
    if change is None:
        alice.delete()
    else:
        alice.change(**change)
    assert refusal(asked(flow, access_token=token)) == (400, "invalid_token")


@pytest.mark.parametrize("sent", [{}, {"access_token": ""}, {"access_token": "a", "id_token": "b"}])
def test_a_request_without_one_token_is_refused(flow: Flow, sent: dict[str, str]) -> None:
    assert refusal(asked(flow, **sent)) == (400, "invalid_request")

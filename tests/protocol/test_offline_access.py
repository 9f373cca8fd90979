"""Refresh tokens as OpenID Connect has them (Core section 11 and 12), by a switch."""

from __future__ import annotations

import pytest

from devidp.system.clock import Clock
from tests.flow import Flow, answered, payload
from tests.shipped import Start


@pytest.fixture
def strict(start: Start) -> Flow:
    return start({"refresh_tokens": "offline_access"})


def test_by_default_the_grant_is_enough(flow: Flow) -> None:
    assert "refresh_token" in flow.tokens(scope="openid")


def test_a_refresh_token_takes_the_scope_and_consent(strict: Flow) -> None:
    assert "refresh_token" not in strict.tokens(scope="openid")
    assert "refresh_token" not in strict.tokens(scope="openid offline_access")
    tokens = strict.tokens(scope="openid offline_access", prompt="consent")
    assert tokens["scope"] == "openid offline_access"
    assert strict.refresh(tokens["refresh_token"]).status_code == 200


def test_without_consent_the_scope_is_ignored(strict: Flow) -> None:
    assert strict.tokens(scope="openid offline_access")["scope"] == "openid"


def test_the_scope_alone_may_be_enough(start: Start) -> None:
    flow = start({"refresh_tokens": "requested"})
    assert "refresh_token" not in flow.tokens(scope="openid")
    tokens = flow.tokens(scope="openid offline_access")
    assert tokens["scope"] == "openid offline_access"
    assert flow.refresh(tokens["refresh_token"]).status_code == 200


def test_it_may_be_asked_for_as_google_has_it(start: Start) -> None:
    flow = start({"refresh_tokens": "access_type"})
    for without in ({}, {"access_type": "online"}, {"scope": "openid offline_access"}):
        assert "refresh_token" not in flow.tokens(**without)
    tokens = flow.tokens(access_type="offline")
    assert flow.refresh(tokens["refresh_token"]).status_code == 200
    pushed = flow.push(access_type="offline").get_json()["request_uri"]
    page = flow.http.get("/default/authorize", query_string={"client_id": "web", "request_uri": pushed})
    assert "refresh_token" in flow.exchange(answered(flow.finish(page))["code"]).get_json()


def test_a_user_who_does_not_grant_it_keeps_it(strict: Flow) -> None:
    page = strict.log_in(strict.authorize(scope="openid offline_access", prompt="consent"))
    answer = strict.post(page, decision="allow", scope=["openid"])
    code = answer.headers["Location"].split("code=")[1].split("&")[0]
    assert "refresh_token" not in strict.exchange(code).get_json()


def test_the_id_token_of_a_refresh_has_the_time_of_the_first_login(flow: Flow, clock: Clock) -> None:
    first = flow.tokens()
    clock.advance(1000)
    second = flow.refresh(first["refresh_token"]).get_json()
    before, after = payload(first["id_token"]), payload(second["id_token"])
    assert after["auth_time"] == before["auth_time"]
    assert (after["iss"], after["sub"], after["aud"]) == (before["iss"], before["sub"], before["aud"])
    assert after["iat"] > before["iat"]


def test_another_setting_is_refused_by_name(start: Start) -> None:
    with pytest.raises(Exception, match="expected one of: always, offline_access, requested, access_type"):
        start({"refresh_tokens": "never"})

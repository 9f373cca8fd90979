"""Arming: the next real flow ends in a faulty token, inside a token response that is well-formed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from joserfc import jws

from devidp.store.overrides import Match, OverrideSet, Scripted, with_scripted
from devidp.web.runtime import Runtime
from tests.flow import Flow


def arm(runtime: Runtime, name: str, times: int | None = 1, match: Match | None = None) -> None:
    def armed(overrides: OverrideSet) -> OverrideSet:
        scripted = Scripted(overrides.last_id + 1, name, times, match or Match())
        changed = replace(overrides, last_id=scripted.id)
        return with_scripted(changed, "faults", (*changed.faults, scripted))

    runtime.control(armed)


def test_the_next_flow_gets_the_faulty_token_and_the_one_after_a_good_one(runtime: Runtime, flow: Flow) -> None:
    arm(runtime, "expired")
    faulty, sound = flow.tokens(), flow.tokens()
    assert faulty["expires_in"] == sound["expires_in"] == 3600
    assert faulty["token_type"] == "Bearer"
    assert flow.introspect(faulty["access_token"]) == {"active": False}
    assert flow.introspect(sound["access_token"])["active"]


def test_a_token_that_is_not_a_jwt_is_sent_like_any_other(runtime: Runtime, flow: Flow) -> None:
    arm(runtime, "garbage")
    assert flow.tokens(scope="mcp:read")["access_token"] == "garbage"


@pytest.mark.parametrize(
    "match",
    [
        Match(client="spa"),
        Match(user="bob"),
        Match(grant="client_credentials"),
        Match(issuer="enterprise"),
        Match(state="x"),
    ],
)
def test_a_flow_that_does_not_match_is_left_alone(runtime: Runtime, flow: Flow, match: Match) -> None:
    arm(runtime, "expired", match=match)
    assert flow.introspect(flow.tokens("alice", "web")["access_token"])["active"]


@pytest.mark.parametrize(
    "match", [Match(client="web"), Match(user="alice"), Match(state="a state"), Match(grant="authorization_code")]
)
def test_a_flow_that_matches_gets_the_faulty_token(runtime: Runtime, flow: Flow, match: Match) -> None:
    arm(runtime, "expired", match=match)
    assert not flow.introspect(flow.tokens("alice", "web")["access_token"])["active"]


def test_a_fault_of_id_tokens_waits_for_a_login_and_leaves_the_access_token_good(runtime: Runtime, flow: Flow) -> None:
    arm(runtime, "id-nonce-wrong")
    assert "id_token" not in flow.tokens(scope="mcp:read")
    tokens = flow.tokens(scope="openid mcp:read", nonce="n")
    assert flow.introspect(tokens["access_token"])["active"]
    claims = jws.extract_compact(tokens["id_token"].encode()).payload
    assert b"a-nonce-that-nobody-sent" in claims


@pytest.mark.parametrize("fault", ["user-disabled", "grant-revoked"])
def test_a_fault_of_state_ends_one_authorization_and_no_other_of_the_user(
    runtime: Runtime, flow: Flow, fault: str
) -> None:
    before = flow.tokens("alice")
    arm(runtime, fault)
    tokens, after = flow.tokens("alice"), flow.tokens("alice")
    assert flow.introspect(tokens["access_token"]) == {"active": False}
    assert flow.refresh(tokens["refresh_token"]).status_code == 400
    assert flow.is_active(before["access_token"])
    assert flow.is_active(after["access_token"])
    runtime.clock.advance(2 * 3600)
    assert flow.refresh(tokens["refresh_token"]).status_code == 400
    assert flow.refresh(after["refresh_token"]).status_code == 200

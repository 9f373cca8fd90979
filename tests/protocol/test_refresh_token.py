"""The refresh token grant: rotation, reuse that ends the family, and narrowing."""

from __future__ import annotations

import pytest

from devidp.system.clock import Clock
from tests.flow import Flow, payload
from tests.refusal import description, refusal
from tests.shipped import Start, shipped

pytestmark = pytest.mark.contract

DAY = 86400


@pytest.fixture
def flow(start: Start) -> Flow:
    """Without the grace of the shipped seed: a refresh token is good once."""
    return start({"refresh_grace": 0})


def test_a_refresh_yields_new_tokens_and_keeps_the_login(flow: Flow, frozen: Clock) -> None:
    first = flow.tokens(nonce="n")
    frozen.advance(100)
    second = flow.refresh(first["refresh_token"]).get_json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["scope"] == first["scope"]
    before, after = payload(first["id_token"]), payload(second["id_token"])
    assert after["auth_time"] == before["auth_time"]
    assert after["iat"] == before["iat"] + 100
    assert (after["iss"], after["sub"], after["aud"]) == (before["iss"], before["sub"], before["aud"])
    assert payload(second["access_token"])["jti"] != payload(first["access_token"])["jti"]


def test_the_response_may_not_be_cached(flow: Flow) -> None:
    response = flow.refresh(flow.tokens()["refresh_token"])
    assert response.headers["Cache-Control"] == "no-store"


def test_a_chain_of_refreshes_goes_on(flow: Flow) -> None:
    token = flow.tokens()["refresh_token"]
    for _ in range(5):
        token = flow.refresh(token).get_json()["refresh_token"]
    assert flow.is_active(token)


def test_reuse_ends_the_family(flow: Flow, frozen: Clock) -> None:
    first = flow.tokens()
    second = flow.refresh(first["refresh_token"]).get_json()
    frozen.advance(7)
    reused = flow.refresh(first["refresh_token"])
    assert refusal(reused) == (400, "invalid_grant")
    assert "was used 7 s ago; every token of this authorization is revoked now" in description(reused)
    for token in (first["access_token"], second["access_token"], second["refresh_token"]):
        assert not flow.is_active(token)
    after = flow.refresh(second["refresh_token"])
    assert refusal(after) == (400, "invalid_grant")
    assert "The refresh token has been revoked" in description(after)


def test_reuse_leaves_other_families_alone(flow: Flow) -> None:
    other, first = flow.tokens(), flow.tokens()
    flow.refresh(first["refresh_token"])
    flow.refresh(first["refresh_token"])
    assert flow.refresh(other["refresh_token"]).status_code == 200


def test_a_stranger_who_presents_a_used_token_ends_nothing(flow: Flow) -> None:
    first = flow.tokens()
    second = flow.refresh(first["refresh_token"]).get_json()
    refused = flow.refresh(first["refresh_token"], "spa")
    assert refusal(refused) == (400, "invalid_grant")
    assert "was issued to client 'web', not to 'spa'" in description(refused)
    assert flow.refresh(second["refresh_token"]).status_code == 200


def test_a_token_of_another_client_is_refused_and_stays_good(flow: Flow) -> None:
    token = flow.tokens()["refresh_token"]
    assert refusal(flow.refresh(token, "spa")) == (400, "invalid_grant")
    assert flow.refresh(token).status_code == 200


def test_a_token_is_nothing_to_another_issuer(flow: Flow) -> None:
    token = flow.tokens()["refresh_token"]
    refused = flow.at("enterprise").refresh(token)
    assert refusal(refused) == (400, "invalid_grant")
    assert "is not known to issuer http://localhost:6749/enterprise" in description(refused)
    assert flow.refresh(token).status_code == 200


@pytest.mark.parametrize("token", ["nonsense", "\0", "é", "x" * 10_000])
def test_an_unknown_token_is_refused(flow: Flow, token: str) -> None:
    refused = flow.refresh(token)
    assert refusal(refused) == (400, "invalid_grant")
    assert token not in description(refused)


def test_an_access_token_or_a_code_is_no_refresh_token(flow: Flow) -> None:
    assert refusal(flow.refresh(flow.tokens()["access_token"])) == (400, "invalid_grant")
    assert refusal(flow.refresh(flow.redirect()["code"])) == (400, "invalid_grant")


def test_a_missing_token_is_named(flow: Flow) -> None:
    refused = flow.token(grant_type="refresh_token")
    assert refusal(refused) == (400, "invalid_request")
    assert "'refresh_token'" in description(refused)


class TestWithAGraceWindow:
    @pytest.fixture
    def flow(self, start: Start, frozen: Clock) -> Flow:
        return start()  # the shipped seed has 10 s

    def test_the_same_successor_comes_again(self, flow: Flow, clock: Clock) -> None:
        token = flow.tokens()["refresh_token"]
        first = flow.refresh(token).get_json()
        clock.advance(9)
        again = flow.refresh(token).get_json()
        assert again["refresh_token"] == first["refresh_token"]
        assert flow.is_active(first["access_token"])
        assert flow.is_active(again["access_token"])
        assert flow.refresh(first["refresh_token"]).status_code == 200

    def test_after_it_reuse_ends_the_family(self, flow: Flow, clock: Clock) -> None:
        token = flow.tokens()["refresh_token"]
        first = flow.refresh(token).get_json()
        clock.advance(10)
        assert refusal(flow.refresh(token)) == (400, "invalid_grant")
        assert not flow.is_active(first["access_token"])

    def test_a_revoked_family_gets_no_grace(self, flow: Flow) -> None:
        token = flow.tokens()["refresh_token"]
        successor = flow.refresh(token).get_json()["refresh_token"]
        flow.revoke(successor)
        assert refusal(flow.refresh(token)) == (400, "invalid_grant")


def test_a_part_of_the_scope_may_be_asked_for(flow: Flow) -> None:
    first = flow.tokens(scope="openid mcp:read mcp:write")
    narrowed = flow.refresh(first["refresh_token"], scope="mcp:read").get_json()
    assert narrowed["scope"] == payload(narrowed["access_token"])["scope"] == "mcp:read"
    assert "id_token" not in narrowed
    again = flow.refresh(narrowed["refresh_token"]).get_json()
    assert again["scope"] == "openid mcp:read mcp:write"


@pytest.mark.parametrize("scope", ["openid mcp:read mcp:write", "mcp:admin", "nonsense", "openid\tmcp:read", "é", '"'])
def test_a_wider_scope_is_refused_and_leaves_the_token_good(flow: Flow, scope: str) -> None:
    token = flow.tokens(scope="openid mcp:read")["refresh_token"]
    refused = flow.refresh(token, scope=scope)
    assert refusal(refused) == (400, "invalid_scope")
    assert flow.refresh(token).status_code == 200


@pytest.mark.parametrize("change", [{"disabled": True}, None])
def test_a_user_who_was_disabled_or_removed_gets_nothing(flow: Flow, change: dict[str, bool] | None) -> None:
    token = flow.tokens("bob")["refresh_token"]
    flow.runtime.adopt(shipped(users={"bob": change}))
    refused = flow.refresh(token)
    assert refusal(refused) == (400, "invalid_grant")
    assert "User 'bob' is" in description(refused)


def test_the_policy_of_today_counts(flow: Flow) -> None:
    token = flow.tokens(scope="openid mcp:read mcp:write")["refresh_token"]
    flow.runtime.adopt(shipped(policy=[{"users": ["alice"], "deny": ["mcp:write"]}]))
    second = flow.refresh(token).get_json()
    assert second["scope"] == "openid mcp:read"
    flow.runtime.adopt(shipped())
    assert flow.refresh(second["refresh_token"]).get_json()["scope"] == "openid mcp:read mcp:write"


def test_each_refresh_starts_the_lifetime_anew(start: Start, frozen: Clock) -> None:
    flow = start({"lifetimes": {"refresh_token": "10m"}})
    token = flow.tokens()["refresh_token"]
    for _ in range(3):
        frozen.advance(599)
        token = flow.refresh(token).get_json()["refresh_token"]
    frozen.advance(603)
    refused = flow.refresh(token)
    assert refusal(refused) == (400, "invalid_grant")
    assert "The refresh token expired 3 s ago" in description(refused)


def test_refresh_tokens_live_thirty_days_by_default(flow: Flow, frozen: Clock) -> None:
    first, second = flow.tokens()["refresh_token"], flow.tokens()["refresh_token"]
    frozen.advance(30 * DAY - 1)
    flow.runtime.purge()
    assert flow.refresh(first).status_code == 200
    frozen.advance(2)
    assert refusal(flow.refresh(second)) == (400, "invalid_grant")


def test_a_client_may_have_a_lifetime_of_its_own(start: Start, frozen: Clock) -> None:
    flow = start(clients={"spa": {"lifetimes": {"refresh_token": "1m", "access_token": "1s"}}})
    web, spa = flow.tokens(), flow.tokens(client="spa")
    assert (web["expires_in"], spa["expires_in"]) == (3600, 1)
    frozen.advance(61)
    assert flow.refresh(web["refresh_token"]).status_code == 200
    assert refusal(flow.refresh(spa["refresh_token"], "spa")) == (400, "invalid_grant")


def test_without_rotation_one_token_serves_again_and_again(start: Start, frozen: Clock) -> None:
    flow = start(clients={"web": {"rotate_refresh_tokens": False}})
    token = flow.tokens()["refresh_token"]
    for _ in range(3):
        frozen.advance(60)
        assert "refresh_token" not in flow.refresh(token).get_json()
    frozen.advance(30 * DAY)
    assert refusal(flow.refresh(token)) == (400, "invalid_grant")


def test_a_client_without_the_grant_is_refused(start: Start) -> None:
    flow = start()
    token = flow.tokens()["refresh_token"]
    flow.runtime.adopt(shipped(clients={"web": {"grants": ["authorization_code"]}}))
    assert refusal(flow.refresh(token)) == (400, "unauthorized_client")

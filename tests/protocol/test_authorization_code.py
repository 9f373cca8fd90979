"""The authorization code grant: a code is good once, soon, and for the client and redirect URI that asked for it."""

from __future__ import annotations

from typing import Any

import pytest

from devidp.system.clock import Clock
from tests.flow import REDIRECT_URI, Flow, payload
from tests.refusal import description, refusal
from tests.shipped import Start, shipped


@pytest.mark.contract
def test_a_code_yields_the_response_of_the_specification(flow: Flow) -> None:
    response = flow.exchange(flow.redirect(scope="openid mcp:read")["code"])
    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Pragma"] == "no-cache"
    body = response.get_json()
    assert set(body) == {"access_token", "token_type", "expires_in", "scope", "refresh_token", "id_token"}
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, "openid mcp:read")


def test_there_is_no_id_token_without_openid(flow: Flow) -> None:
    assert "id_token" not in flow.tokens(scope="mcp:read")


@pytest.mark.parametrize("switch", ["the client", "the issuer"])
def test_there_is_no_refresh_token_without_its_grant(start: Start, switch: str) -> None:
    if switch == "the client":
        flow = start(clients={"web": {"grants": ["authorization_code"]}})
    else:
        flow = start({"grants": ["authorization_code"]})
    assert "refresh_token" not in flow.tokens()


@pytest.mark.contract
def test_a_replay_revokes_what_came_of_the_code(flow: Flow) -> None:
    code = flow.redirect()["code"]
    tokens = flow.exchange(code).get_json()
    second = flow.refresh(tokens["refresh_token"]).get_json()
    assert flow.is_active(tokens["access_token"])
    replayed = flow.exchange(code)
    assert refusal(replayed) == (400, "invalid_grant")
    assert "has been used before; every token issued for it is revoked now" in description(replayed)
    for token in (tokens["access_token"], second["access_token"], second["refresh_token"]):
        assert flow.introspect(token) == {"active": False}
    assert refusal(flow.refresh(second["refresh_token"])) == (400, "invalid_grant")
    assert refusal(flow.userinfo(second["access_token"])) == (401, "invalid_token")


@pytest.mark.contract
def test_a_replay_long_after_still_revokes(flow: Flow, clock: Clock) -> None:
    code = flow.redirect()["code"]
    tokens = flow.exchange(code).get_json()
    clock.advance(10 * 86400)
    flow.runtime.purge()
    refused = flow.exchange(code)
    assert "has been used before" in description(refused)
    assert not flow.is_active(tokens["refresh_token"])


@pytest.mark.contract
def test_a_stranger_who_replays_a_code_ends_nothing(flow: Flow) -> None:
    code = flow.redirect()["code"]
    tokens = flow.exchange(code).get_json()
    refused = flow.exchange(code, "spa")
    assert refusal(refused) == (400, "invalid_grant")
    assert "was issued to client 'web', not to 'spa'" in description(refused)
    assert flow.is_active(tokens["access_token"])


@pytest.mark.contract
def test_a_replay_leaves_other_grants_alone(flow: Flow) -> None:
    other = flow.tokens()
    code = flow.redirect()["code"]
    flow.exchange(code)
    flow.exchange(code)
    assert flow.is_active(other["access_token"])
    assert flow.is_active(other["refresh_token"])


@pytest.mark.contract
def test_a_code_works_until_the_last_second_of_its_life(start: Start, frozen: Clock) -> None:
    flow = start({"lifetimes": {"authorization_code": "5s"}})
    first, second = flow.redirect()["code"], flow.redirect()["code"]
    frozen.advance(4.9)
    assert flow.exchange(first).status_code == 200
    frozen.advance(3.1)
    refused = flow.exchange(second)
    assert refusal(refused) == (400, "invalid_grant")
    assert "The code expired 3 s ago; codes of this issuer live 5 s" in description(refused)


def test_codes_live_a_minute_by_default(flow: Flow, frozen: Clock) -> None:
    first, second = flow.redirect()["code"], flow.redirect()["code"]
    frozen.advance(59)
    assert flow.exchange(first).status_code == 200
    frozen.advance(2)
    assert refusal(flow.exchange(second)) == (400, "invalid_grant")


@pytest.mark.contract
def test_a_code_is_nothing_to_another_issuer(flow: Flow) -> None:
    code = flow.redirect()["code"]
    refused = flow.at("enterprise").exchange(code)
    assert refusal(refused) == (400, "invalid_grant")
    assert "The code is not known to issuer http://localhost:6749/enterprise" in description(refused)
    assert flow.exchange(code).status_code == 200


@pytest.mark.parametrize("sent", ["http://localhost:5556/callback", "http://localhost:5555/cb", "x", "é"])
def test_another_redirect_uri_is_refused(flow: Flow, sent: str) -> None:
    code = flow.redirect()["code"]
    refused = flow.exchange(code, redirect_uri=sent)
    assert refusal(refused) == (400, "invalid_grant")
    assert f"the authorization request had '{REDIRECT_URI}'" in description(refused)
    assert flow.exchange(code).status_code == 200


def test_the_redirect_uri_may_be_left_out_with_a_proof_key(flow: Flow) -> None:
    assert flow.exchange(flow.redirect()["code"], redirect_uri=None).status_code == 200


def test_the_redirect_uri_may_not_be_left_out_without_one(start: Start) -> None:
    flow = start({"pkce": {"required": False}})
    code = flow.redirect(code_challenge=None, code_challenge_method=None)["code"]
    assert refusal(flow.exchange(code, redirect_uri=None, code_verifier=None)) == (400, "invalid_grant")
    assert flow.exchange(code, code_verifier=None).status_code == 200


def test_a_redirect_uri_that_was_left_out_at_first_need_not_come(start: Start) -> None:
    flow = start({"pkce": {"required": False}}, clients={"web": {"redirect_uris": ["https://app.example/cb"]}})
    code = flow.redirect(redirect_uri=None, scope="mcp:read", code_challenge=None, code_challenge_method=None)["code"]
    assert flow.exchange(code, redirect_uri=None, code_verifier=None).status_code == 200


@pytest.mark.parametrize("code", ["nonsense", "\0", "é", "x" * 10_000, "' OR 1=1 --"])
@pytest.mark.contract
def test_an_unknown_code_is_refused(flow: Flow, code: str) -> None:
    refused = flow.exchange(code)
    assert refusal(refused) == (400, "invalid_grant")
    assert code not in description(refused)


def test_a_missing_code_is_named(flow: Flow) -> None:
    refused = flow.token(grant_type="authorization_code", redirect_uri=REDIRECT_URI)
    assert refusal(refused) == (400, "invalid_request")
    assert "'code'" in description(refused)


def test_a_missing_grant_type_is_named(flow: Flow) -> None:
    refused = flow.token(code="x")
    assert refusal(refused) == (400, "invalid_request")
    assert "The parameter 'grant_type' is missing" in description(refused)


@pytest.mark.parametrize("grant_type", ["password", "implicit", "AUTHORIZATION_CODE", "é", '"', "x" * 5000])
def test_an_unknown_grant_is_refused_with_those_that_there_are(flow: Flow, grant_type: str) -> None:
    refused = flow.token(grant_type=grant_type)
    assert refusal(refused) == (400, "unsupported_grant_type")
    assert "this issuer has: authorization_code refresh_token client_credentials" in description(refused)


def test_a_grant_that_is_switched_off_is_refused(start: Start) -> None:
    flow = start({"grants": ["authorization_code"]})
    refused = flow.token("service", grant_type="client_credentials")
    assert refusal(refused) == (400, "unsupported_grant_type")
    assert "this issuer has: authorization_code." in description(refused)


def test_the_grant_type_counts_in_the_body_alone(flow: Flow) -> None:
    refused = flow.http.post("/default/token?grant_type=client_credentials", data={"x": "y"}, auth=("service", "s"))
    assert refusal(refused) == (400, "invalid_request")


@pytest.mark.parametrize("name", ["code", "grant_type", "redirect_uri", "code_verifier", "client_id"])
def test_a_repeated_parameter_is_refused(flow: Flow, name: str) -> None:
    code = flow.redirect()["code"]
    parameters: dict[str, Any] = {"grant_type": "authorization_code", "code": code, name: ["a", "a"]}
    refused = flow.token(**parameters)
    assert refusal(refused) == (400, "invalid_request")
    assert f"'{name}' came 2 times" in description(refused)
    assert flow.exchange(code).status_code == 200


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"disabled": True}, "User 'alice' is disabled"), (None, "User 'alice' is not in the seed any more")],
)
@pytest.mark.contract
def test_a_user_who_was_disabled_or_removed_since_gets_no_tokens(
    flow: Flow, change: dict[str, bool] | None, reason: str
) -> None:
    code = flow.redirect()["code"]
    flow.runtime.adopt(shipped(users={"alice": change}))
    refused = flow.exchange(code)
    assert refusal(refused) == (400, "invalid_grant")
    assert reason in description(refused)
    flow.runtime.adopt(shipped())
    assert flow.exchange(code).status_code == 200


def test_scopes_that_the_seed_has_lost_since_are_left_out(flow: Flow) -> None:
    code = flow.redirect(scope="openid phone mcp:read")["code"]
    flow.runtime.adopt(shipped(scopes={"phone": None}, users={"bob": {"scopes": ["openid"]}}))
    body = flow.exchange(code).get_json()
    assert body["scope"] == "openid mcp:read"
    assert payload(body["access_token"])["scope"] == "openid mcp:read"


def test_a_code_for_nothing_that_is_still_allowed_is_refused(flow: Flow) -> None:
    code = flow.redirect("bob", scope="mcp:read")["code"]
    flow.runtime.adopt(shipped(users={"bob": {"scopes": ["openid"]}}))
    refused = flow.exchange(code)
    assert refusal(refused) == (400, "invalid_scope")
    assert "mcp:read withheld: user bob may not have it" in description(refused)

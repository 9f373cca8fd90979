"""What the seed says of one client holds for it, and what it says of the issuer holds for the others."""

from __future__ import annotations

from typing import Any

import pytest

from devidp.system.clock import Clock
from devidp.web.control.controller import Controller
from tests.flow import VERIFIER, Flow, header, payload
from tests.protocol.test_second_factor import asks
from tests.refusal import redirected
from tests.shipped import Start
from tests.web.control.test_seed_keys import without_null

OTHER: dict[str, Any] = {
    "secret": "other-secret",
    "redirect_uris": ["http://localhost/callback"],
    "grants": ["authorization_code", "refresh_token", "client_credentials", "password"],
    "consent": "skipped",
}
WITHOUT: dict[str, Any] = {"code_challenge": None, "code_challenge_method": None}
USERS = {"alice": {"mfa": "totp", "claims": {"tenant_id": "acme", "roles": ["admin"], "level": 3}}}


def started(start: Start, issuer: dict[str, Any] | None = None, **own: Any) -> Flow:
    """An issuer with the clients ``web`` and ``other``, of which only the latter has settings of its own."""
    flow = start(issuer, clients={"other": without_null({**OTHER, **own})}, users=USERS)
    flow.secrets["other"] = "other-secret"
    return flow


def error(answer: Any) -> str:
    return str(redirected(answer)["error"])


class TestProofKey:
    def test_one_client_needs_none(self, start: Start) -> None:
        flow = started(start, pkce={"required": False})
        code = flow.redirect(client_id="other", **WITHOUT)["code"]
        assert flow.exchange(code, "other", code_verifier=None).status_code == 200
        assert error(flow.authorize(**WITHOUT)) == "invalid_request"
        assert error(flow.authorize(client_id="other", code_challenge_method="plain")) == "invalid_request"

    def test_a_public_client_needs_none_either(self, start: Start) -> None:
        flow = started(start, secret=None, public=True, pkce={"required": False},
                       grants=["authorization_code", "refresh_token"])  # fmt: skip
        del flow.secrets["other"]
        code = flow.redirect(client_id="other", **WITHOUT)["code"]
        assert flow.exchange(code, "other", code_verifier=None).status_code == 200

    def test_a_challenge_that_was_sent_is_still_proved(self, start: Start) -> None:
        flow = started(start, pkce={"required": False})
        code = flow.redirect(client_id="other")["code"]
        assert flow.exchange(code, "other", code_verifier=None).get_json()["error"] == "invalid_grant"

    def test_one_client_needs_one_where_the_issuer_does_not_ask(self, start: Start) -> None:
        flow = started(start, {"pkce": {"required": False}}, pkce={"required": True})
        assert "code" in flow.redirect(**WITHOUT)
        assert error(flow.authorize(client_id="other", **WITHOUT)) == "invalid_request"

    def test_one_client_may_send_plain(self, start: Start) -> None:
        flow = started(start, pkce={"plain": True})
        plain = {"code_challenge": VERIFIER, "code_challenge_method": "plain"}
        code = flow.redirect(client_id="other", **plain)["code"]
        assert flow.exchange(code, "other").status_code == 200
        assert error(flow.authorize(**plain)) == "invalid_request"
        assert error(flow.authorize(client_id="other", **WITHOUT)) == "invalid_request"


def test_claims_of_tokens(start: Start) -> None:
    flow = started(start, {"claims_in_id_token": False}, claims_in_id_token=True, access_token_claims=["level"])
    own, others = flow.tokens(client="other", scope="openid email"), flow.tokens(scope="openid email")
    assert payload(own["id_token"])["email"] == "alice@acme.example"
    assert "email" not in payload(others["id_token"])
    assert payload(own["access_token"])["level"] == 3
    assert "roles" not in payload(own["access_token"])
    assert payload(others["access_token"])["roles"] == ["admin"]


def test_one_client_is_left_out(start: Start) -> None:
    flow = started(start, claims_in_id_token=False)
    assert "email" not in payload(flow.tokens(client="other", scope="openid email")["id_token"])
    assert "email" in payload(flow.tokens(scope="openid email")["id_token"])


def test_when_refresh_tokens_are_issued(start: Start) -> None:
    flow = started(start, {"refresh_tokens": "offline_access"}, refresh_tokens="always")
    assert "refresh_token" in flow.tokens(client="other", scope="openid")
    assert "refresh_token" not in flow.tokens(scope="openid")
    flow = started(start, refresh_tokens="offline_access")
    assert "refresh_token" not in flow.tokens(client="other", scope="openid offline_access")
    assert "refresh_token" in flow.tokens(client="other", scope="openid offline_access", prompt="consent")
    assert "refresh_token" in flow.tokens(scope="openid")


def test_for_how_long_a_used_refresh_token_is_answered(start: Start, clock: Clock) -> None:
    flow = started(start, refresh_grace="1m")
    own, others = flow.tokens(client="other")["refresh_token"], flow.tokens()["refresh_token"]
    flow.refresh(own, "other"), flow.refresh(others)
    clock.advance(30)
    assert flow.refresh(own, "other").status_code == 200
    assert flow.refresh(others).get_json()["error"] == "invalid_grant"
    clock.advance(60)
    assert flow.refresh(own, "other").get_json()["error"] == "invalid_grant"


def test_how_a_secret_is_sent(start: Start) -> None:
    flow = started(start, auth_method="client_secret_basic", client_authentication="lenient")
    body = {"client_id": "other", "client_secret": "other-secret", "grant_type": "client_credentials"}
    assert flow.http.post("/default/token", data=body).status_code == 200
    flow = started(start, {"client_authentication": "lenient"}, auth_method="client_secret_basic",
                   client_authentication="strict")  # fmt: skip
    assert flow.http.post("/default/token", data=body).status_code == 401


@pytest.mark.parametrize("grant", ["authorization_code", "client_credentials"])
def test_scopes_that_nobody_knows(start: Start, grant: str) -> None:
    flow = started(start, unknown_scopes="ignore")
    if grant == "authorization_code":
        assert "code" in flow.redirect(client_id="other", scope="openid made:up")
        assert error(flow.authorize(scope="openid made:up")) == "invalid_scope"
        return
    answer = flow.token("other", grant_type=grant, scope="mcp:read made:up")
    assert answer.get_json()["scope"] == "mcp:read"
    refused = flow.token("service", grant_type="client_credentials", scope="mcp:read made:up")
    assert refused.get_json()["error"] == "invalid_scope"


def test_who_is_asked_for_the_second_factor(start: Start) -> None:
    flow = started(start, second_factor="always")
    assert asks(flow.log_in(flow.authorize(client_id="other")))
    other = flow.other_browser()
    assert not asks(other.log_in(other.authorize()))
    flow = started(start, {"second_factor": "always"}, second_factor="requested")
    assert not asks(flow.log_in(flow.authorize(client_id="other")))
    other = flow.other_browser()
    assert asks(other.log_in(other.authorize()))


def test_the_password_grant_of_one_client_has_no_place_for_a_second_factor(start: Start) -> None:
    flow = started(start, {"grants": ["password"]}, second_factor="always")
    answer = flow.token("other", grant_type="password", username="alice", password="alice")
    assert "logs in with a second factor" in answer.get_json()["error_description"]


def test_a_device_of_one_client_is_asked_for_the_second_factor(start: Start) -> None:
    flow = started(start, {"grants": ["device_code"]}, second_factor="always", grants=["device_code"])
    issued = flow.http.post("/default/device_authorization", data={"scope": "openid"}, auth=("other", "other-secret"))
    page = flow.post(flow.http.get("/default/device"), user_code=issued.get_json()["user_code"])
    assert asks(flow.log_in(page))


def test_who_keeps_its_scopes(start: Start) -> None:
    flow = started(start, step_up="always")
    for client, scope in (("other", "mcp:write mcp:read"), ("web", "mcp:write")):
        flow.tokens(client=client, scope="mcp:read")
        assert flow.tokens(client=client, scope="mcp:write")["scope"] == scope


def test_a_client_of_its_own_kind_can_be_made_at_run_time(start: Start) -> None:
    flow = started(start)
    control = Controller(flow.runtime)
    control.clients["other"].change(pkce={"required": False}, claims_in_id_token=False)
    assert "code" in flow.redirect(client_id="other", **WITHOUT)
    control.clients["other"].change(pkce=None)
    assert error(flow.authorize(client_id="other", **WITHOUT)) == "invalid_request"
    assert "email" not in payload(flow.tokens(client="other", scope="openid email")["id_token"])
    registered = flow.registered()
    control.clients[registered].change(pkce={"required": False})
    assert "code" in flow.redirect(client_id=registered, **WITHOUT)


def test_a_client_without_settings_of_its_own_has_those_of_the_issuer(start: Start) -> None:
    flow = started(start)
    assert flow.issuer.settings_for(flow.issuer.settings.clients["web"]) is flow.issuer.settings
    assert header(flow.tokens(client="other")["access_token"])["typ"] == "at+jwt"

"""Modules about the flow itself: what comes back, what ID tokens hold, and what codes and refresh tokens are worth."""

from __future__ import annotations

import jwt
import pytest

from devidp.system.clock import Clock
from tests.conformance.plans import (
    every_type,
    id_token_in_front,
    no_id_token_in_front,
    run_with,
    with_access_token,
    with_code,
)
from tests.conformance.relying_party import ALLOWED, RelyingParty, Variant
from tests.flow import CHALLENGE, VERIFIER, Flow
from tests.refusal import refusal


@every_type
def test_oidcc_server(rp: RelyingParty) -> None:
    outcome = rp.log_in()
    for claims in outcome.id_tokens:
        assert set(claims) <= ALLOWED


@with_code
def test_oidcc_server_client_secret_post(provider: Flow, variant: Variant) -> None:
    assert RelyingParty(provider, variant, "client_secret_post").log_in().id_tokens


@every_type
def test_oidcc_response_type_missing(rp: RelyingParty) -> None:
    parameters = rp.request(response_type=None)
    assert rp.error(rp.open(parameters), parameters) in ("invalid_request", "unsupported_response_type")


@every_type
def test_oidcc_idtoken_signature(rp: RelyingParty) -> None:
    outcome = rp.log_in()
    tokens = [outcome.callback.get("id_token"), outcome.tokens.get("id_token")]
    for token in filter(None, tokens):
        header = jwt.get_unverified_header(token)
        assert header["alg"] == "RS256"
        assert header["kid"]


@no_id_token_in_front
def test_oidcc_idtoken_unsigned(rp: RelyingParty) -> None:
    """The module is skipped where the provider does not offer ID tokens without a signature."""
    assert "none" not in rp.metadata["id_token_signing_alg_values_supported"]


@with_access_token
def test_oidcc_userinfo_get(rp: RelyingParty) -> None:
    assert rp.userinfo(rp.log_in())["sub"] == "alice"


@with_access_token
def test_oidcc_userinfo_post_header(rp: RelyingParty) -> None:
    assert rp.userinfo(rp.log_in(), "POST")["sub"] == "alice"


@with_access_token
def test_oidcc_userinfo_post_body(rp: RelyingParty) -> None:
    assert rp.userinfo(rp.log_in(), "POST", body=True)["sub"] == "alice"


@no_id_token_in_front
def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(rp: RelyingParty) -> None:
    assert rp.log_in(nonce=None).id_tokens


@id_token_in_front
def test_oidcc_ensure_request_without_nonce_fails(rp: RelyingParty) -> None:
    parameters = rp.request(nonce=None)
    assert rp.error(rp.open(parameters), parameters) == "invalid_request"


@with_code
def test_oidcc_codereuse(rp: RelyingParty) -> None:
    outcome = rp.log_in()
    assert refusal(rp.exchange(outcome.callback["code"])) == (400, "invalid_grant")


@with_code
def test_oidcc_codereuse_30seconds(rp: RelyingParty, provider_clock: Clock) -> None:
    outcome = rp.log_in()
    provider_clock.advance(30)
    assert refusal(rp.exchange(outcome.callback["code"])) == (400, "invalid_grant")
    assert rp.flow.userinfo(outcome.access_token).status_code == 401


@with_code
def test_oidcc_refresh_token(provider: Flow, variant: Variant, provider_clock: Clock) -> None:
    first, second = (RelyingParty(provider, variant) for _ in range(2))
    outcome = first.log_in(scope="openid offline_access", prompt="consent")
    token = outcome.tokens["refresh_token"]
    assert token.isprintable()
    refused = second.token(grant_type="refresh_token", refresh_token=token)
    assert refusal(refused) == (400, "invalid_grant")
    provider_clock.advance(5)
    renewed = first.token(grant_type="refresh_token", refresh_token=token).get_json()
    assert renewed["access_token"] != outcome.tokens["access_token"]
    claims = jwt.decode(renewed["id_token"], options={"verify_signature": False})
    for name in ("iss", "sub", "aud", "auth_time"):
        assert claims[name] == outcome.claims[name]
    assert claims["iat"] > outcome.claims["iat"]
    assert claims.get("nonce") in (None, outcome.claims["nonce"])
    assert first.flow.userinfo(renewed["access_token"]).status_code == 200


@run_with("code", "code id_token", "code id_token token")
def test_oidcc_ensure_request_with_valid_pkce_succeeds(rp: RelyingParty) -> None:
    parameters = rp.request(code_challenge=CHALLENGE, code_challenge_method="S256")
    callback = rp.callback(rp.flow.finish(rp.open(parameters)), parameters)
    assert rp.exchange(callback["code"], code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_both_methods_of_the_plans_are_offered(provider: Flow, method: str) -> None:
    assert method in provider.metadata()["token_endpoint_auth_methods_supported"]

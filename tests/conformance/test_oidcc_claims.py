"""Modules about claims: by scope, by name, and in which place (OpenID Connect Core section 5.4 and 5.5)."""

from __future__ import annotations

import json

import pytest

from devidp.oauth.names import STANDARD_CLAIMS
from tests.conformance.plans import every_type
from tests.conformance.relying_party import RelyingParty

OF_ALICE = {
    "profile": set(STANDARD_CLAIMS["profile"]),
    "email": {"email", "email_verified"},
    "address": {"address"},
    "phone": {"phone_number", "phone_number_verified"},
}


def check_scopes(rp: RelyingParty, *scopes: str) -> None:
    """What the scopes release comes in its place, whole, and nothing that they do not release."""
    assert set(scopes) <= set(rp.metadata["scopes_supported"])
    outcome = rp.log_in(scope=" ".join(["openid", *scopes]))
    released = rp.released(outcome)
    for name, claims in STANDARD_CLAIMS.items():
        if name != "openid":
            assert set(released) & set(claims) == (OF_ALICE[name] if name in scopes else set())
    if rp.variant.response_type != "id_token":
        assert not set(outcome.claims if outcome.id_tokens else ()) & {"name", "email", "address", "phone_number"}


@every_type
def test_oidcc_scope_profile(rp: RelyingParty) -> None:
    check_scopes(rp, "profile")


@every_type
def test_oidcc_scope_email(rp: RelyingParty) -> None:
    check_scopes(rp, "email")


@every_type
def test_oidcc_scope_address(rp: RelyingParty) -> None:
    check_scopes(rp, "address")


@every_type
def test_oidcc_scope_phone(rp: RelyingParty) -> None:
    check_scopes(rp, "phone")


@every_type
def test_oidcc_scope_all(rp: RelyingParty) -> None:
    check_scopes(rp, "email", "phone", "address", "profile")


@every_type
def test_oidcc_claims_essential(rp: RelyingParty) -> None:
    alone = rp.variant.response_type == "id_token"
    wish = {"id_token" if alone else "userinfo": {"name": {"essential": True}}}
    outcome = rp.log_in(claims=json.dumps(wish))
    assert rp.released(outcome)["name"] == "Alice Anderson"
    if not alone:
        assert all("name" not in claims for claims in outcome.id_tokens)


@every_type
def test_oidcc_claims_locales(rp: RelyingParty) -> None:
    assert rp.log_in(claims_locales="se").callback


@every_type
def test_oidcc_ensure_request_with_acr_values_succeeds(rp: RelyingParty) -> None:
    offered = rp.metadata["acr_values_supported"]
    outcome = rp.log_in(acr_values=" ".join(offered))
    for claims in outcome.id_tokens:
        assert claims["acr"] in offered


@pytest.mark.parametrize("scope", OF_ALICE)
def test_the_metadata_name_the_claims_of_each_scope(scope: str, provider_claims: set[str]) -> None:
    assert OF_ALICE[scope] <= provider_claims

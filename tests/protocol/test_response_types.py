"""Implicit and hybrid response types: only by a switch, and as OpenID Connect Core section 3.2 and 3.3 have them."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest

from devidp.oauth.response_type import RESPONSE_TYPES, canonical
from tests.flow import Flow, answer, payload
from tests.refusal import redirected, refusal
from tests.shipped import Start

BEYOND_CODE = [name for name in RESPONSE_TYPES if name != "code"]
IN_FRONT = {"features": {"implicit": True, "hybrid": True}}


@pytest.fixture
def front(start: Start) -> Flow:
    """An issuer with every response type, of which ``web`` may use each."""
    return start(IN_FRONT, clients={"web": {"response_types": list(RESPONSE_TYPES)}})


def half_hash(value: str) -> str:
    return urlsafe_b64encode(sha256(value.encode()).digest()[:16]).rstrip(b"=").decode()


@pytest.mark.parametrize("kind", BEYOND_CODE)
def test_by_default_only_a_code_can_be_asked_for(flow: Flow, kind: str) -> None:
    assert flow.metadata()["response_types_supported"] == ["code"]
    assert "implicit" not in flow.metadata()["grant_types_supported"]
    location = flow.authorize(response_type=kind, nonce="n").headers["Location"]
    assert urlsplit(location).query == ""
    assert answer(location)["error"] == "unsupported_response_type"
    assert "'features: {" in answer(location)["error_description"]


@pytest.mark.parametrize("kind", BEYOND_CODE)
def test_a_client_gets_only_the_types_that_it_registered(start: Start, kind: str) -> None:
    assert redirected(start(IN_FRONT).authorize(response_type=kind, nonce="n"))["error"] == "unauthorized_client"


@pytest.mark.parametrize("kind", BEYOND_CODE)
def test_each_type_brings_what_it_names_in_the_fragment(front: Flow, kind: str) -> None:
    assert kind in front.metadata()["response_types_supported"]
    assert "implicit" in front.metadata()["grant_types_supported"]
    location = front.finish(front.authorize(response_type=kind, nonce="n")).headers["Location"]
    assert urlsplit(location).query == ""
    got = answer(location)
    expected = {"state", "iss"}
    for part, names in {
        "code": {"code"},
        "id_token": {"id_token"},
        "token": {"access_token", "token_type", "expires_in", "scope"},
    }.items():
        expected |= names if part in kind.split() else set()
    assert set(got) == expected
    if "code" in got:
        assert front.exchange(got["code"]).status_code == 200
    if "access_token" in got:
        assert front.userinfo(got["access_token"]).get_json()["sub"] == "alice"


@pytest.mark.parametrize("kind", [name for name in BEYOND_CODE if "id_token" in name])
def test_the_id_token_binds_nonce_code_and_access_token(front: Flow, kind: str) -> None:
    got = front.redirect(response_type=kind, nonce="n-1")
    claims = payload(got["id_token"])
    assert claims["nonce"] == "n-1"
    assert claims.get("c_hash") == (half_hash(got["code"]) if "code" in got else None)
    assert claims.get("at_hash") == (half_hash(got["access_token"]) if "access_token" in got else None)


@pytest.mark.parametrize("kind", [name for name in BEYOND_CODE if "id_token" in name])
def test_an_id_token_in_front_needs_a_nonce_and_the_scope_openid(front: Flow, kind: str) -> None:
    location = front.authorize(response_type=kind).headers["Location"]
    assert urlsplit(location).fragment.startswith("error=invalid_request")
    assert "'nonce' is missing" in answer(location)["error_description"]
    assert redirected(front.authorize(response_type=kind, nonce="n", scope="mcp:read"))["error"] == "invalid_scope"


def test_a_type_with_a_code_alone_needs_no_nonce(front: Flow) -> None:
    assert "code" in front.redirect(response_type="code token")


def test_the_order_of_a_response_type_does_not_matter(front: Flow) -> None:
    assert {"code", "access_token", "id_token"} <= set(front.redirect(response_type="token id_token code", nonce="n"))


@pytest.mark.parametrize("kind", BEYOND_CODE)
def test_tokens_never_come_in_a_query(front: Flow, kind: str) -> None:
    location = front.authorize(response_type=kind, nonce="n", response_mode="query").headers["Location"]
    assert urlsplit(location).query == ""
    assert answer(location)["error"] == "invalid_request"


def test_tokens_can_come_in_a_form(front: Flow) -> None:
    assert "id_token" in front.redirect(response_type="id_token", nonce="n", response_mode="form_post")


def test_an_id_token_that_comes_alone_holds_the_claims_of_the_scopes(start: Start) -> None:
    types = {"response_types": list(RESPONSE_TYPES)}
    front = start({**IN_FRONT, "claims_in_id_token": False}, clients={"web": types})
    alone = front.redirect(response_type="id_token", nonce="n", scope="openid email")
    assert payload(alone["id_token"])["email"] == "alice@acme.example"
    beside = front.redirect(response_type="id_token token", nonce="n", scope="openid email")
    assert "email" not in payload(beside["id_token"])


def test_a_code_still_needs_its_proof_key_and_an_implicit_request_has_none(front: Flow) -> None:
    without: dict[str, Any] = {"code_challenge": None, "code_challenge_method": None}
    refused = redirected(front.authorize(response_type="code id_token", nonce="n", **without))
    assert "PKCE" in refused["error_description"]
    assert "id_token" in front.redirect(response_type="id_token", nonce="n", **without)


def test_replaying_the_code_revokes_the_access_token_that_came_beside_it(front: Flow) -> None:
    got = front.redirect(response_type="code token")
    front.exchange(got["code"])
    assert front.is_active(got["access_token"])
    assert refusal(front.exchange(got["code"])) == (400, "invalid_grant")
    assert not front.is_active(got["access_token"])


def test_a_client_registers_the_types_that_it_uses(front: Flow) -> None:
    answered = front.register(
        redirect_uris=["https://app.example/cb"],
        grant_types=["authorization_code", "implicit"],
        response_types=["code", "token id_token"],
    )
    assert answered.get_json()["response_types"] == ["code", "id_token token"]


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        ({"response_types": ["id_token"]}, "grant_types lacks implicit"),
        ({"grant_types": ["implicit"], "response_types": ["code id_token"]}, "grant_types lacks authorization_code"),
        ({"response_types": ["magic"]}, "response_types is 'magic', this issuer has: code,"),
        (
            {"grant_types": ["authorization_code", "implicit"], "response_types": ["id_token"]},
            "none of them has a code",
        ),
    ],
)
def test_response_types_that_do_not_fit_are_refused(front: Flow, metadata: dict[str, list[str]], why: str) -> None:
    refused = front.register(redirect_uris=["https://app.example/cb"], **metadata)
    assert refusal(refused) == (400, "invalid_client_metadata")
    assert why in refused.get_json()["error_description"]


def test_no_type_can_be_registered_that_is_off(flow: Flow) -> None:
    refused = flow.register(redirect_uris=["https://app.example/cb"], response_types=["id_token"])
    assert refusal(refused) == (400, "invalid_client_metadata")


@pytest.mark.parametrize("text", ["", "none", "code code2", "Code"])
def test_what_is_no_response_type_is_unknown(text: str) -> None:
    assert canonical(text) is None


def test_a_client_that_wants_bound_tokens_gets_none_in_front(start: Start) -> None:
    flow = start(IN_FRONT, clients={"web": {"response_types": list(RESPONSE_TYPES), "dpop_bound": True}})
    assert "cannot be bound" in redirected(flow.authorize(response_type="token"))["error_description"]
    assert "id_token" in flow.redirect(response_type="id_token", nonce="n")

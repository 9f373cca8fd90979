"""Algorithms per client and resource, opaque tokens, and signed answers, verified by joserfc."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import KeySet

from devidp.system.clock import Clock
from tests.flow import MCP, REDIRECT_URI, Flow
from tests.refusal import refusal
from tests.shipped import PUBLIC_URL, Start

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]
OPAQUE: dict[str, Any] = {"clients": {"web": {"access_token_format": "opaque"}}}
SIGNED = "application/token-introspection+jwt"


def keys(flow: Flow) -> KeySet:
    return KeySet.import_key_set(flow.http.get(f"{flow.base}/.well-known/jwks.json").get_json())


def decoded(flow: Flow, token: str, algorithm: str) -> jwt.Token:
    # joserfc warns at the old name of Ed25519
    jws.JWSRegistry.algorithms["EdDSA"].security_warning = ""
    return jwt.decode(token, keys(flow), [algorithm])


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_id_token_is_signed_as_the_client_wants(start: Start, algorithm: str) -> None:
    flow = start(clients={"web": {"id_token_signed_response_alg": algorithm}})
    tokens = flow.tokens()
    token = decoded(flow, tokens["id_token"], algorithm)
    hashed = (sha512 if algorithm.startswith("Ed") else sha256)(tokens["access_token"].encode()).digest()
    half = urlsafe_b64encode(hashed[: len(hashed) // 2]).rstrip(b"=").decode()
    assert (token.header["alg"], token.claims["at_hash"]) == (algorithm, half)
    assert decoded(flow, tokens["access_token"], "ES256").claims["sub"] == "alice"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_an_issuer_signs_with_any_of_them(start: Start, algorithm: str) -> None:
    flow = start({"signing_algorithm": algorithm})
    assert decoded(flow, flow.tokens()["access_token"], algorithm).claims["sub"] == "alice"
    assert flow.metadata()["id_token_signing_alg_values_supported"][0] == algorithm
    assert sorted(flow.metadata()["id_token_signing_alg_values_supported"]) == sorted(ALGORITHMS)


def test_the_access_token_is_signed_as_the_resource_wants(start: Start) -> None:
    flow = start(resources={MCP: {"signing_algorithm": "PS256"}})
    tokens = flow.tokens()
    assert decoded(flow, tokens["access_token"], "PS256").claims["aud"] == MCP
    assert decoded(flow, tokens["id_token"], "ES256").claims["sub"] == "alice"
    assert flow.userinfo(tokens["access_token"]).status_code == 200


def test_a_key_is_made_at_its_first_use_and_lasts(start: Start, tmp_path: Path) -> None:
    wanted: dict[str, Any] = {"clients": {"web": {"id_token_signed_response_alg": "Ed25519"}}}
    flow = start(data=tmp_path, **wanted)
    assert [key["alg"] for key in flow.http.get("/default/.well-known/jwks.json").get_json()["keys"]] == ["ES256"]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: flow.issuer.keys.signing_with("Ed25519").kid, range(4)))
    assert len(set(made)) == 1
    token = flow.tokens()["id_token"]
    again = start(data=tmp_path, **wanted)
    assert decoded(again, token, "Ed25519").header["kid"] == made[0]
    assert again.issuer.keys.signing_with("Ed25519").kid == made[0]


def test_rotation_leaves_the_keys_of_other_algorithms(start: Start) -> None:
    flow = start()
    other = flow.issuer.keys.signing_with("Ed25519")
    fresh = flow.issuer.keys.rotate()
    assert flow.issuer.keys.active == fresh
    assert flow.issuer.keys.signing_with("Ed25519") == other


def test_an_algorithm_that_the_issuer_lacks_cannot_be_registered(start: Start) -> None:
    flow = start()
    refused = flow.register(redirect_uris=[REDIRECT_URI], id_token_signed_response_alg="none")
    assert refusal(refused) == (400, "invalid_client_metadata")
    client = flow.register(redirect_uris=[REDIRECT_URI], id_token_signed_response_alg="PS256").get_json()
    assert client["id_token_signed_response_alg"] == "PS256"


@pytest.mark.parametrize(
    "seed",
    [
        OPAQUE,
        {"resources": {MCP: {"access_token_format": "opaque"}}},
        {"issuer": {"access_token_format": "opaque"}},
        {"issuer": {"access_token_format": "jwt"}, "resources": {MCP: {"access_token_format": "opaque"}}},
    ],
)
def test_an_opaque_token_is_known_to_introspection_and_userinfo(start: Start, seed: dict[str, Any]) -> None:
    flow = start(**seed)
    tokens = flow.tokens()
    token = tokens["access_token"]
    assert "." not in token
    state = flow.introspect(token)
    assert (state["active"], state["sub"], state["aud"], state["scope"]) == (True, "alice", MCP, "openid mcp:read")
    assert flow.userinfo(token).get_json()["sub"] == "alice"
    assert decoded(flow, tokens["id_token"], "ES256").claims["sub"] == "alice"


@pytest.mark.parametrize(
    ("client", "resource", "issuer", "opaque"),
    [
        ("jwt", "opaque", "opaque", False),
        (None, "jwt", "opaque", False),
        (None, None, "opaque", True),
        (None, None, None, False),
        (None, "opaque", None, True),
        ("opaque", "jwt", "jwt", True),
    ],
)
def test_the_client_goes_before_the_resource_and_that_before_the_issuer(
    start: Start, client: str | None, resource: str | None, issuer: str | None, opaque: bool
) -> None:
    flow = start(
        {"access_token_format": issuer},
        clients={"web": {"access_token_format": client}},
        resources={MCP: {"access_token_format": resource}},
    )
    assert ("." not in flow.tokens()["access_token"]) is opaque


def test_an_issuer_of_opaque_tokens_gives_them_to_clients_that_act_for_themselves_and_to_registered_ones(
    start: Start,
) -> None:
    flow = start({"access_token_format": "opaque"})
    own = flow.token("service", grant_type="client_credentials").get_json()["access_token"]
    client = flow.registered()
    tokens = flow.tokens(client=client, scope="openid")
    refreshed = flow.refresh(tokens["refresh_token"], client).get_json()
    for token in (own, tokens["access_token"], refreshed["access_token"]):
        assert "." not in token
        assert flow.is_active(token)


def test_an_opaque_token_can_be_revoked_and_grows_old(start: Start, clock: Clock) -> None:
    flow = start(**OPAQUE)
    first, second = flow.tokens()["access_token"], flow.tokens()["access_token"]
    assert flow.revoke(first).status_code == 200
    assert not flow.is_active(first)
    assert flow.is_active(second)
    assert not flow.at("enterprise").is_active(second)
    clock.advance(3601)
    assert not flow.is_active(second)


def test_nothing_of_an_opaque_token_is_stored_as_it_is(start: Start, tmp_path: Path) -> None:
    flow = start(data=tmp_path, **OPAQUE)
    token = flow.tokens()["access_token"].encode()
    assert all(token not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_userinfo_is_a_jwt_for_a_client_that_registered_for_it(start: Start, algorithm: str) -> None:
    flow = start(clients={"web": {"userinfo_signed_response_alg": algorithm}})
    answer = flow.userinfo(flow.tokens(scope="openid email")["access_token"])
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("application/jwt", "no-store")
    claims = decoded(flow, answer.text, algorithm).claims
    expected = {"iss": f"{PUBLIC_URL}/default", "aud": "web", "sub": "alice", "email": "alice@acme.example"}
    assert expected.items() <= claims.items()


def test_userinfo_as_a_jwt_is_no_id_token(start: Start) -> None:
    """Both are of the type JWT, from the same issuer for the same client."""
    grants = ["authorization_code", "token-exchange"]
    flow = start({"grants": None}, clients={"web": {"userinfo_signed_response_alg": "ES256", "grants": grants}})
    answer = flow.userinfo(flow.tokens(scope="openid email")["access_token"]).text
    assert flow.redirect(id_token_hint=answer)["error"] == "invalid_request"
    assert flow.http.get("/default/logout", query_string={"id_token_hint": answer}).status_code == 400
    exchange = {"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "subject_token": answer}
    for kind in ("id_token", "jwt", "access_token"):
        sent = {**exchange, "subject_token_type": f"urn:ietf:params:oauth:token-type:{kind}"}
        assert flow.token(**sent).get_json()["error"] == "invalid_request"


def test_introspection_is_a_jwt_for_who_asks_for_one(start: Start, clock: Clock) -> None:
    flow = start(clients={"web": {"introspection_signed_response_alg": "PS256"}})
    token = flow.tokens()["access_token"]
    for sent, active in ((token, True), ("unknown", False)):
        answer = flow.http.post(
            "/default/introspect", data={"token": sent}, auth=("web", "web-secret"), headers={"Accept": SIGNED}
        )
        assert (answer.content_type, answer.headers["Cache-Control"]) == (SIGNED, "no-store")
        found = decoded(flow, answer.text, "PS256")
        assert found.header["typ"] == "token-introspection+jwt"
        assert (found.claims["iss"], found.claims["aud"]) == (f"{PUBLIC_URL}/default", "web")
        assert abs(found.claims["iat"] - clock.seconds()) <= 5
        assert found.claims["token_introspection"]["active"] is active
        assert "sub" not in found.claims


@pytest.mark.parametrize("feature", ["signed_userinfo", "signed_introspection"])
def test_what_is_switched_off_stays_plain(start: Start, feature: str) -> None:
    flow = start({"features": {feature: False}}, clients={"web": {"userinfo_signed_response_alg": "ES256"}})
    token = flow.tokens()["access_token"]
    asked = flow.http.post(
        "/default/introspect", data={"token": token}, auth=("web", "web-secret"), headers={"Accept": SIGNED}
    )
    signed = {"signed_userinfo": flow.userinfo(token), "signed_introspection": asked}
    assert signed.pop(feature).content_type == "application/json"
    assert next(iter(signed.values())).content_type != "application/json"

"""DPoP (RFC 9449), with proofs that joserfc signs."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from werkzeug.test import TestResponse

from devidp.system.clock import Clock
from tests.flow import REDIRECT_URI, VERIFIER, Flow, answered
from tests.refusal import description, refusal
from tests.shipped import PUBLIC_URL, Start

ISSUER = f"{PUBLIC_URL}/default"
KEY = ECKey.generate_key("P-256")
OTHER = ECKey.generate_key("P-256")
CHALLENGE = "DPoP algs="


class Wide(jws.JWSRegistry):
    """joserfc keeps headers below 512 bytes, which an RSA key exceeds."""

    max_header_length = 4096


def proof(key: Any = KEY, alg: str = "ES256", header: dict[str, Any] | None = None, **changes: Any) -> str:
    """A proof for the token endpoint; ``None`` leaves a claim out."""
    claims = {"jti": uuid4().hex, "htm": "POST", "htu": f"{ISSUER}/token", "iat": int(time.time()), **changes}
    claims = {name: value for name, value in claims.items() if value is not None}
    head = {"typ": "dpop+jwt", "alg": alg, "jwk": key.as_dict(private=False), **(header or {})}
    return jwt.encode(head, claims, key, registry=Wide(algorithms=[alg], strict_check_header=False))


def hashed(token: str) -> str:
    return urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()


def credentials(flow: Flow, *proofs: str) -> TestResponse:
    return flow.http.post(
        f"{flow.base}/token",
        data={"grant_type": "client_credentials"},
        auth=("service", "service-secret"),
        headers=[("DPoP", each) for each in proofs],
    )


def exchanged(flow: Flow, code: str, *proofs: str, client: str = "spa") -> TestResponse:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI, "client_id": client}
    headers = [("DPoP", each) for each in proofs]
    return flow.http.post(f"{flow.base}/token", data={**form, "code_verifier": VERIFIER}, headers=headers)


def refreshed(flow: Flow, token: str, *proofs: str) -> TestResponse:
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "spa"}
    return flow.http.post(f"{flow.base}/token", data=form, headers=[("DPoP", each) for each in proofs])


def userinfo(flow: Flow, token: str, scheme: str = "DPoP", method: str = "GET", **changes: Any) -> TestResponse:
    claims = {"htm": method, "htu": f"{ISSUER}/userinfo", "ath": hashed(token), **changes}
    headers = {"Authorization": f"{scheme} {token}", "DPoP": proof(**claims)}
    return flow.http.open(f"{flow.base}/userinfo", method=method, headers=headers)


@pytest.mark.parametrize(
    ("key", "alg"),
    [(KEY, "ES256"), (RSAKey.generate_key(2048), "RS256"), (RSAKey.generate_key(4096), "PS256"),
     (OKPKey.generate_key("Ed25519"), "Ed25519")],
)  # fmt: skip
def test_a_token_is_bound_to_the_key_of_the_proof(flow: Flow, key: Any, alg: str) -> None:
    answer = credentials(flow, proof(key, alg)).get_json()
    assert answer["token_type"] == "DPoP"
    state = flow.introspect(answer["access_token"])
    assert (state["token_type"], state["cnf"]) == ("DPoP", {"jkt": key.thumbprint()})


def test_without_a_proof_there_is_a_bearer_token(flow: Flow) -> None:
    answer = credentials(flow).get_json()
    assert answer["token_type"] == "Bearer"
    assert "cnf" not in flow.introspect(answer["access_token"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"htm": "GET"}, "htm is 'GET'"),
        ({"htm": None}, "htm is 'None'"),
        ({"htu": f"{ISSUER}/userinfo"}, "htu is"),
        ({"htu": "https://elsewhere.example/token"}, "htu is"),
        ({"htu": 7}, "htu is '7'"),
        ({"htu": "http://[::1"}, "htu is"),
        ({"iat": None}, "iat is 'None'"),
        ({"iat": "now"}, "iat is 'now'"),
        *[({"iat": value}, "iat is") for value in (10**400, True)],
        *[({"iat": value}, "is not one JWT") for value in (float("nan"), float("-inf"))],
        ({"exp": 1}, "it expired"),
        ({"nbf": 99999999999}, "its nbf is"),
        ({"nbf": 10**400}, "its nbf is"),
        ({"iat": 1}, "at most 60 are accepted"),
        ({"iat": 99999999999}, "its iat is"),
        ({"jti": None}, "jti is 'None'"),
        ({"jti": "x" * 256}, "up to 255 characters"),
        ({"header": {"typ": "JWT"}}, "typ is 'JWT'"),
        ({"header": {"jwk": OTHER.as_dict(private=False)}}, "does not fit the jwk"),
        ({"header": {"jwk": KEY.as_dict(private=True)}}, "no public jwk"),
        ({"header": {"jwk": {"kty": "EC"}}}, "does not fit the jwk"),
    ],
)
def test_what_is_wrong_with_a_proof_is_said(flow: Flow, changes: dict[str, Any], expected: str) -> None:
    refused = credentials(flow, proof(**changes))
    assert refusal(refused) == (400, "invalid_dpop_proof")
    assert expected in description(refused)


def test_the_type_of_a_proof_is_a_media_type(flow: Flow) -> None:
    for typ in ("DPoP+JWT", "application/dpop+jwt"):
        assert credentials(flow, proof(header={"typ": typ})).status_code == 200


def test_a_proof_whose_id_holds_half_a_character_is_no_proof(flow: Flow) -> None:
    head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": KEY.as_dict(private=False)}
    claims = json.dumps({"jti": "\ud800", "htm": "POST", "htu": f"{ISSUER}/token", "iat": int(time.time())})
    refused = credentials(flow, jws.serialize_compact(head, claims, KEY, registry=Wide(strict_check_header=False)))
    assert refusal(refused) == (400, "invalid_dpop_proof")
    assert "is not one JWT" in description(refused)


@pytest.mark.parametrize("garbage", ["garbage", "a.b.c", "é", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_proof_is_refused(flow: Flow, garbage: str) -> None:
    assert refusal(credentials(flow, garbage)) == (400, "invalid_dpop_proof")


def test_two_proofs_are_refused(flow: Flow) -> None:
    assert refusal(credentials(flow, proof(), proof())) == (400, "invalid_dpop_proof")


@pytest.mark.parametrize("htu", [f"{ISSUER}/token?a=b", f"{ISSUER}/token#x", "HTTP://LOCALHOST:6749/default/token"])
def test_query_and_case_of_the_address_do_not_count(flow: Flow, htu: str) -> None:
    assert credentials(flow, proof(htu=htu)).status_code == 200


def test_a_proof_counts_once(flow: Flow) -> None:
    sent = proof()
    assert credentials(flow, sent).status_code == 200
    assert "was used before" in description(credentials(flow, sent))


def test_of_requests_that_race_with_one_proof_one_wins(flow: Flow) -> None:
    sent = proof()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: credentials(flow, sent).status_code, range(6)))
    assert sorted(answers) == [200, *[400] * 5]


def test_a_bound_token_opens_userinfo_with_a_proof_only(flow: Flow) -> None:
    token = exchanged(flow, flow.redirect(client_id="spa")["code"], proof()).get_json()["access_token"]
    assert userinfo(flow, token).get_json()["sub"] == "alice"
    assert userinfo(flow, token, method="POST").get_json()["sub"] == "alice"
    for refused, code, expected in (
        (userinfo(flow, token, "Bearer"), "invalid_token", "was sent as a bearer token"),
        (userinfo(flow, token, key=OTHER), "invalid_token", "another key"),
        (userinfo(flow, token, ath=None), "invalid_dpop_proof", "ath is missing"),
        (userinfo(flow, token, ath=hashed("other")), "invalid_dpop_proof", "ath is missing"),
        (userinfo(flow, token, htm="POST"), "invalid_dpop_proof", "htm is"),
    ):
        assert refusal(refused) == (401, code)
        assert refused.headers["WWW-Authenticate"].startswith(CHALLENGE)
        assert f'error="{code}"' in refused.headers["WWW-Authenticate"]
        assert expected in description(refused)
    bare = flow.http.get("/default/userinfo", headers={"Authorization": f"DPoP {token}"})
    assert refusal(bare) == (401, "invalid_dpop_proof")


def test_a_bearer_token_is_not_presented_as_a_bound_one(flow: Flow) -> None:
    token = flow.tokens()["access_token"]
    assert refusal(userinfo(flow, token)) == (401, "invalid_token")


def test_userinfo_says_that_it_takes_both(flow: Flow) -> None:
    assert flow.http.get("/default/userinfo").headers["WWW-Authenticate"].startswith("Bearer, DPoP algs=")


def test_the_refresh_token_of_a_public_client_is_bound(flow: Flow) -> None:
    first = exchanged(flow, flow.redirect(client_id="spa")["code"], proof()).get_json()
    for proofs in ((), (proof(OTHER),)):
        refused = refreshed(flow, first["refresh_token"], *proofs)
        assert refusal(refused) == (400, "invalid_grant")
        assert "bound to a DPoP key" in description(refused)
    second = refreshed(flow, first["refresh_token"], proof()).get_json()
    assert second["token_type"] == "DPoP"
    assert refusal(refreshed(flow, second["refresh_token"])) == (400, "invalid_grant")


def test_the_refresh_token_of_a_confidential_client_is_not(flow: Flow) -> None:
    code = flow.redirect()["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI, "code_verifier": VERIFIER}
    headers = {"DPoP": proof()}
    first = flow.http.post("/default/token", data=form, headers=headers, auth=("web", "web-secret")).get_json()
    assert first["token_type"] == "DPoP"
    assert flow.refresh(first["refresh_token"]).get_json()["token_type"] == "Bearer"


def test_a_code_is_bound_by_dpop_jkt(flow: Flow) -> None:
    code = flow.redirect(client_id="spa", dpop_jkt=KEY.thumbprint())["code"]
    assert refusal(exchanged(flow, code, proof(OTHER))) == (400, "invalid_grant")
    assert refusal(exchanged(flow, code)) == (400, "invalid_grant")
    assert exchanged(flow, code, proof()).status_code == 200


def pushed(flow: Flow, *proofs: str, **changes: Any) -> TestResponse:
    headers = [("DPoP", each) for each in proofs]
    return flow.http.post("/default/par", data=flow.request(client_id="spa", **changes), headers=headers)


def at_par(key: Any = KEY, **changes: Any) -> str:
    return proof(key, **{"htu": f"{ISSUER}/par", **changes})


@pytest.mark.parametrize("named", [True, False])
def test_a_pushed_request_is_bound_to_the_key_of_its_proof(flow: Flow, named: bool) -> None:
    answer = pushed(flow, at_par(), dpop_jkt=KEY.thumbprint() if named else None)
    assert answer.status_code == 201
    asked = {"client_id": "spa", "request_uri": answer.get_json()["request_uri"]}
    page = flow.http.get("/default/authorize", query_string=asked)
    code = answered(flow.finish(page))["code"]
    assert refusal(exchanged(flow, code, proof(OTHER))) == (400, "invalid_grant")
    assert refusal(exchanged(flow, code)) == (400, "invalid_grant")
    assert exchanged(flow, code, proof()).status_code == 200


def test_a_proof_that_does_not_hold_is_refused_at_par(flow: Flow, start: Start) -> None:
    for sent in ("garbage", proof(), at_par(htm="GET"), at_par(iat=1)):
        assert refusal(pushed(flow, sent)) == (400, "invalid_dpop_proof")
    assert refusal(pushed(flow, at_par(), at_par())) == (400, "invalid_dpop_proof")
    contradicted = pushed(flow, at_par(), dpop_jkt=OTHER.thumbprint())
    assert refusal(contradicted) == (400, "invalid_request")
    assert "dpop_jkt is" in description(contradicted)
    assert refusal(pushed(flow, at_par(), scope="nonsense")) == (400, "invalid_scope")
    once = at_par()
    assert [pushed(flow, once).status_code for _ in range(2)] == [201, 400]
    asking = start({"dpop": {"nonce": True}})
    refused = pushed(asking, at_par())
    assert refusal(refused) == (400, "use_dpop_nonce")
    accepted = pushed(asking, at_par(nonce=refused.headers["DPoP-Nonce"]))
    assert (accepted.status_code, "DPoP-Nonce" in accepted.headers) == (201, True)


def test_a_key_that_nobody_can_have_is_refused_before_the_user_is_asked(flow: Flow) -> None:
    came = flow.redirect(client_id="spa", dpop_jkt="garbage")
    assert came["error"] == "invalid_request"
    assert "dpop_jkt is 'garbage'" in came["error_description"]


def test_a_client_that_wants_bound_tokens_gets_no_other(start: Start) -> None:
    flow = start(clients={"service": {"dpop_bound": True}})
    assert refusal(credentials(flow)) == (400, "invalid_request")
    assert credentials(flow, proof()).status_code == 200
    wanted = {"grant_types": ["client_credentials"], "dpop_bound_access_tokens": True}
    client = flow.http.post("/default/register", json=wanted).get_json()
    assert client["dpop_bound_access_tokens"] is True
    auth = (client["client_id"], client["client_secret"])
    refused = flow.http.post("/default/token", data={"grant_type": "client_credentials"}, auth=auth)
    assert refusal(refused) == (400, "invalid_request")


def test_a_nonce_is_asked_for_where_the_seed_says_so(start: Start, clock: Clock) -> None:
    flow = start({"dpop": {"nonce": True}})
    for sent in (proof(), proof(nonce="mine")):
        refused = credentials(flow, sent)
        assert refusal(refused) == (400, "use_dpop_nonce")
    nonce = refused.headers["DPoP-Nonce"]
    answer = credentials(flow, proof(nonce=nonce))
    assert answer.status_code == 200
    assert answer.headers["DPoP-Nonce"]
    clock.advance(601)
    late = proof(nonce=nonce, iat=int(clock.now()))
    assert refusal(credentials(flow, late)) == (400, "use_dpop_nonce")


def test_userinfo_asks_for_a_nonce_too(start: Start) -> None:
    flow = start({"dpop": {"nonce": True}})
    nonce = credentials(flow, proof()).headers["DPoP-Nonce"]
    code = flow.redirect(client_id="spa")["code"]
    token = exchanged(flow, code, proof(nonce=nonce)).get_json()["access_token"]
    refused = userinfo(flow, token)
    assert refusal(refused) == (401, "use_dpop_nonce")
    assert 'error="use_dpop_nonce"' in refused.headers["WWW-Authenticate"]
    answer = userinfo(flow, token, nonce=refused.headers["DPoP-Nonce"])
    assert (answer.get_json()["sub"], bool(answer.headers["DPoP-Nonce"])) == ("alice", True)


def test_a_page_of_another_origin_may_read_the_nonce(start: Start) -> None:
    refused = credentials(start({"dpop": {"nonce": True}}), proof())
    assert "DPoP-Nonce" in refused.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("on", [True, False])
def test_dpop_is_advertised_exactly_when_it_is_on(start: Start, on: bool) -> None:
    flow = start({"features": {"dpop": on}})
    metadata = flow.http.get("/default/.well-known/openid-configuration").get_json()
    assert ("dpop_signing_alg_values_supported" in metadata) is on
    assert credentials(flow, proof()).get_json()["token_type"] == ("DPoP" if on else "Bearer")
    assert ("DPoP" in flow.http.get("/default/userinfo").headers["WWW-Authenticate"]) is on

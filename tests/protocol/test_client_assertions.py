"""private_key_jwt and client_secret_jwt (RFC 7523), with assertions that Authlib signs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from authlib.oauth2.rfc7523 import client_secret_jwt_sign, private_key_jwt_sign
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from werkzeug.test import TestResponse

from devidp.system.clock import Clock
from tests.flow import Flow
from tests.refusal import description, refusal
from tests.shipped import PUBLIC_URL, Start

ISSUER = f"{PUBLIC_URL}/default"
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
OKP = OKPKey.generate_key("Ed25519", {"kid": "okp"})
SECRET = "a secret that is long enough to sign with"
JWKS: dict[str, Any] = {"keys": [key.as_dict(private=False) for key in (RSA, EC, OKP)]}
CLIENTS: dict[str, Any] = {
    "signer": {"auth_method": "private_key_jwt", "grants": ["client_credentials"], "jwks": JWKS},
    "strict": {"auth_signing_alg": "ES256", "grants": ["client_credentials"], "jwks": JWKS},
    "secretive": {"auth_method": "client_secret_jwt", "grants": ["client_credentials"], "secret": SECRET},
    "basic": {"secret": "basic-secret", "grants": ["client_credentials"]},
}


@pytest.fixture
def flow(start: Start) -> Flow:
    return start(clients=CLIENTS)


def signed(client: str = "signer", key: Any = RSA, alg: str = "RS256", audience: Any = ISSUER, **changes: Any) -> str:
    header = {"alg": alg, "kid": changes.pop("kid", key.kid), **changes.pop("header", {})}
    assertion: str = private_key_jwt_sign(key, client, audience, alg, header=header, **changes)
    return assertion


def credentials(flow: Flow, assertion: str, **changes: Any) -> TestResponse:
    parameters = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": assertion}
    return flow.http.post(f"{flow.base}/token", data={**parameters, **changes})


@pytest.mark.parametrize(
    ("key", "alg"), [(RSA, "RS256"), (RSA, "PS256"), (RSA, "RS512"), (EC, "ES256"), (OKP, "Ed25519")]
)
def test_a_client_proves_itself_with_a_key_of_its_own(flow: Flow, key: Any, alg: str) -> None:
    answer = credentials(flow, signed(key=key, alg=alg))
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["token_type"] == "Bearer"


def test_a_client_proves_itself_with_its_secret_without_sending_it(flow: Flow) -> None:
    assertion = client_secret_jwt_sign(OctKey.import_key(SECRET), "secretive", f"{ISSUER}/token")
    assert credentials(flow, assertion).status_code == 200


@pytest.mark.parametrize("audience", [ISSUER, f"{ISSUER}/", f"{ISSUER}/token", [ISSUER], [f"{ISSUER}/token"]])
def test_the_audience_is_the_issuer_or_the_token_endpoint(flow: Flow, audience: Any) -> None:
    assert credentials(flow, signed(audience=audience)).status_code == 200


@pytest.mark.parametrize(
    "audience", ["https://elsewhere.example", [ISSUER, "https://elsewhere.example"], [], "", None, 1, {"a": 1}]
)
def test_an_assertion_for_somebody_else_is_refused(flow: Flow, audience: Any) -> None:
    refused = credentials(flow, signed(audience=audience))
    assert refusal(refused) == (401, "invalid_client")
    assert "aud is" in description(refused)


def test_another_kind_of_token_authenticates_nobody(flow: Flow) -> None:
    for typ in ("oauth-id-jag+jwt", "application/at+jwt", "dpop+jwt", "logout+jwt"):
        refused = credentials(flow, signed(header={"typ": typ}))
        assert refusal(refused) == (401, "invalid_client")
        assert f"its typ is '{typ}', expected client-authentication+jwt" in description(refused)


def test_an_assertion_may_say_what_it_is(flow: Flow) -> None:
    for typ in ("JWT", "jwt", "client-authentication+jwt", "application/Client-Authentication+jwt"):
        assert credentials(flow, signed(header={"typ": typ})).status_code == 200


def test_an_assertion_counts_once(flow: Flow) -> None:
    assertion = signed()
    assert credentials(flow, assertion).status_code == 200
    refused = credentials(flow, assertion)
    assert refusal(refused) == (401, "invalid_client")
    assert "was used before" in description(refused)


def test_of_requests_that_race_with_one_assertion_one_wins(flow: Flow) -> None:
    assertion = signed()

    def send(_: int) -> int:
        with flow.http.application.test_client() as http:
            data = {
                "grant_type": "client_credentials",
                "client_assertion_type": TYPE,
                "client_assertion": assertion,
            }
            return http.post(f"{flow.base}/token", data=data).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(send, range(6))) == [200, *[401] * 5]


def test_the_id_of_an_assertion_is_the_clients_own(flow: Flow) -> None:
    claims = {"jti": "one"}
    assert credentials(flow, signed(claims=dict(claims))).status_code == 200
    assert credentials(flow, signed("strict", EC, "ES256", claims=dict(claims))).status_code == 200


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"claims": {"jti": ""}}, "jti is ''"),
        ({"claims": {"jti": 7}}, "jti is '7'"),
        ({"claims": {"jti": "x" * 256}}, "up to 255 characters"),
        ({"claims": {"iss": "basic"}}, "iss is 'basic'"),
        ({"claims": {"exp": None}}, "exp is 'None'"),
        ({"claims": {"exp": "tomorrow"}}, "exp is 'tomorrow'"),
        ({"claims": {"exp": True}}, "exp is 'True'"),
        ({"claims": {"exp": 1}}, "it expired"),
        ({"expires_in": 7 * 86400}, "at most 3600 are accepted"),
        *[({"claims": {"exp": value}}, "its exp is") for value in (10**400, -(10**400))],
        *[({"claims": {"exp": value}}, "is not JSON") for value in (float("nan"), float("inf"))],
        ({"claims": {"nbf": 10**400}}, "its nbf is"),
        ({"claims": {"iat": float("nan")}}, "is not JSON"),
        ({"claims": {"nbf": 99999999999}}, "its nbf is"),
        ({"claims": {"iat": 99999999999}}, "its iat is"),
        ({"kid": "of another"}, "made with none of the 0 keys"),
        ({"key": RSAKey.generate_key(2048, {"kid": "rsa"})}, "made with none of the 1 keys"),
        ({"claims": {"sub": ""}}, "sub is missing"),
        ({"client": "nobody"}, "is not known"),
    ],
)
def test_what_is_wrong_with_an_assertion_is_said(flow: Flow, changes: dict[str, Any], expected: str) -> None:
    refused = credentials(flow, signed(**changes))
    assert refusal(refused) == (401, "invalid_client")
    assert expected in description(refused)


@pytest.mark.parametrize(
    "assertion", ["garbage", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJSUzI1NiJ9.W10.c2ln", "é"]
)
def test_what_is_no_assertion_is_refused(flow: Flow, assertion: str) -> None:
    assert refusal(credentials(flow, assertion)) == (401, "invalid_client")


def test_the_algorithm_of_the_client_counts(flow: Flow) -> None:
    assert credentials(flow, signed("strict", EC, "ES256")).status_code == 200
    assert "expected ES256" in description(credentials(flow, signed("strict")))


def test_a_secret_does_not_stand_for_a_key_nor_a_key_for_a_secret(flow: Flow) -> None:
    by_secret = client_secret_jwt_sign(OctKey.import_key("basic-secret that is made longer"), "signer", ISSUER)
    assert "'client_secret_jwt', expected private_key_jwt" in description(credentials(flow, by_secret))
    assert "'private_key_jwt', expected client_secret_jwt" in description(credentials(flow, signed("secretive")))


def test_a_client_authenticates_in_one_way(flow: Flow) -> None:
    both = credentials(flow, signed("basic"), client_id="basic", client_secret="basic-secret")
    assert refusal(both) == (400, "invalid_request")
    assert "came as client_secret and as client_assertion" in description(both)


def test_the_body_names_the_same_client_or_none(flow: Flow) -> None:
    assert credentials(flow, signed(), client_id="signer").status_code == 200
    assert "the body names 'basic'" in description(credentials(flow, signed(), client_id="basic"))


def test_the_type_of_the_assertion_is_checked(flow: Flow) -> None:
    assert "client_assertion_type" in description(credentials(flow, signed(), client_assertion_type=""))
    assert "expected urn:" in description(credentials(flow, signed(), client_assertion_type="saml"))


def test_an_assertion_grows_old_with_the_clock_of_devidp(flow: Flow, clock: Clock) -> None:
    assertion = signed(expires_in=60)
    clock.advance(121)
    assert "it expired 6" in description(credentials(flow, assertion))


def test_assertions_count_at_introspection_and_revocation(flow: Flow) -> None:
    token = credentials(flow, signed()).get_json()["access_token"]
    sent = {"token": token, "client_assertion_type": TYPE}
    here = {**sent, "client_assertion": signed(audience=f"{ISSUER}/introspect")}
    assert flow.http.post("/default/introspect", data=here).get_json()["active"] is True
    assert flow.http.post("/default/revoke", data={**sent, "client_assertion": signed()}).status_code == 200
    again = flow.http.post("/default/introspect", data={**sent, "client_assertion": signed()})
    assert again.get_json() == {"active": False}


def test_a_registered_client_signs_with_the_secret_or_the_keys_that_it_registered(flow: Flow) -> None:
    wanted: dict[str, Any] = {"grant_types": ["client_credentials"], "token_endpoint_auth_method": "client_secret_jwt"}
    secretive = flow.http.post("/default/register", json=wanted).get_json()
    assertion = client_secret_jwt_sign(OctKey.import_key(secretive["client_secret"]), secretive["client_id"], ISSUER)
    assert credentials(flow, assertion).status_code == 200
    wanted |= {"token_endpoint_auth_method": "private_key_jwt", "jwks": JWKS}
    signer = flow.http.post("/default/register", json=wanted).get_json()
    assert "client_secret" not in signer
    assert credentials(flow, signed(signer["client_id"])).status_code == 200


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "neither jwks nor jwks_uri"),
        ({"jwks": {"keys": []}}, "0 keys"),
        ({"jwks": {"keys": [RSA.as_dict(private=True)]}}, "private key"),
        ({"jwks": {"keys": [{"kty": "RSA"}]}}, "cannot be read"),
        ({"jwks_uri": "ftp://keys.example"}, "jwks_uri 'ftp://keys.example' is refused: it is not a web address"),
        ({"jwks": JWKS, "jwks_uri": "https://keys.example"}, "jwks and jwks_uri came"),
        ({"jwks": JWKS, "token_endpoint_auth_signing_alg": "HS256"}, "signing_alg is 'HS256'"),
    ],
)
def test_a_registration_without_usable_keys_is_refused(flow: Flow, changes: dict[str, Any], expected: str) -> None:
    wanted = {"grant_types": ["client_credentials"], "token_endpoint_auth_method": "private_key_jwt", **changes}
    answer = flow.http.post("/default/register", json=wanted)
    assert answer.get_json()["error"] == "invalid_client_metadata"
    assert expected in answer.get_json()["error_description"]


@pytest.mark.parametrize("method", ["private_key_jwt", "client_secret_jwt"])
def test_what_is_switched_off_is_neither_advertised_nor_done(start: Start, method: str) -> None:
    flow = start({"features": {method: False}}, clients=CLIENTS)
    metadata = flow.http.get("/default/.well-known/openid-configuration").get_json()
    assert method not in metadata["token_endpoint_auth_methods_supported"]
    algorithms = metadata["token_endpoint_auth_signing_alg_values_supported"]
    assert ("HS256" in algorithms, "RS256" in algorithms) == (method == "private_key_jwt", method != "private_key_jwt")
    by_key = method == "private_key_jwt"
    assertion = signed() if by_key else client_secret_jwt_sign(OctKey.import_key(SECRET), "secretive", ISSUER)
    assert "switched off" in description(credentials(flow, assertion))
    wanted = {"grant_types": ["client_credentials"], "token_endpoint_auth_method": method}
    assert flow.http.post("/default/register", json=wanted).get_json()["error"] == "invalid_client_metadata"

"""Request objects (RFC 9101), signed with keys that the tests hold."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tests.flow import CHALLENGE, REDIRECT_URI, Flow, payload
from tests.refusal import page, redirected, refusal
from tests.shipped import Start

pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
ISSUER = "http://localhost:6749/default"
KEYS: dict[str, RSAKey | ECKey | OKPKey] = {
    "RS256": RSAKey.generate_key(2048),
    "ES256": ECKey.generate_key("P-256"),
    "EdDSA": OKPKey.generate_key("Ed25519"),
}
KEYS["PS256"] = KEYS["RS256"]
JWKS = {"keys": [KEYS[name].as_dict(private=False) for name in ("RS256", "ES256", "EdDSA")]}
OUTSIDE: dict[str, Any] = dict.fromkeys(
    ("response_type", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")
)
"""Leaves out what the request object holds."""


@pytest.fixture
def flow(start: Start) -> Flow:
    """An issuer that knows the public keys of ``web``."""
    return start(clients={"web": {"jwks": JWKS}})


def members(**changes: Any) -> dict[str, Any]:
    claims = {
        "iss": "web",
        "aud": ISSUER,
        "client_id": "web",
        "response_type": "code",
        "redirect_uri": REDIRECT_URI,
        "scope": "openid",
        "state": "of the object",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


def signed(algorithm: str = "ES256", header: dict[str, Any] | None = None, **changes: Any) -> str:
    protected = {"alg": algorithm, "typ": "oauth-authz-req+jwt", **(header or {})}
    return jwt.encode(protected, members(**changes), KEYS[algorithm], [algorithm], default_type=None)


def unsigned(**changes: Any) -> str:
    encoded = [
        urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none"}, members(**changes))
    ]
    return f"{encoded[0]}.{encoded[1]}."


@pytest.mark.parametrize("algorithm", KEYS)
def test_each_advertised_algorithm_is_taken(flow: Flow, algorithm: str) -> None:
    metadata = flow.metadata()
    assert metadata["request_parameter_supported"] is True
    assert algorithm in metadata["request_object_signing_alg_values_supported"]
    answer = flow.redirect(**OUTSIDE, request=signed(algorithm))
    assert answer["state"] == "of the object"
    assert flow.exchange(answer["code"]).status_code == 200


def test_what_is_beside_the_object_does_not_count(flow: Flow) -> None:
    answer = flow.redirect(request=signed(), scope="openid mcp:write", state="outside", nonce="outside")
    assert answer["state"] == "of the object"
    body = flow.exchange(answer["code"]).get_json()
    assert body["scope"] == "openid"
    assert "nonce" not in payload(body["id_token"])


def test_the_redirect_uri_is_that_of_the_object(flow: Flow) -> None:
    assert "code" in flow.redirect(request=signed(), redirect_uri="https://elsewhere.example/cb")


def test_numbers_objects_and_lists_inside_are_parameters_too(flow: Flow) -> None:
    wish = {"id_token": {"email": None}}
    request = signed(max_age=0, claims=wish, resource=["http://localhost:8000/mcp", "http://localhost:9/x"])
    body = flow.exchange(flow.redirect(**OUTSIDE, request=request)["code"]).get_json()
    assert payload(body["id_token"])["email"] == "alice@acme.example"
    assert payload(body["access_token"])["aud"] == ["http://localhost:8000/mcp", "http://localhost:9/x"]


@pytest.mark.parametrize("kind", ["oauth-authz-req+jwt", "application/OAUTH-AUTHZ-REQ+jwt", "JWT", None])
def test_a_type_of_its_own_or_that_of_any_jwt_is_taken(flow: Flow, kind: str | None) -> None:
    header = {} if kind is None else {"typ": kind}
    request = jwt.encode({"alg": "ES256", **header}, members(), KEYS["ES256"], ["ES256"], default_type=None)
    assert "code" in flow.redirect(**OUTSIDE, request=request)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"client_id": "spa"}, "its client_id is 'spa'"),
        ({"client_id": None}, "its client_id is 'None'"),
        ({"iss": "spa"}, "its iss is 'spa'"),
        ({"aud": "https://other.example"}, f"its aud is 'https://other.example', expected {ISSUER}"),
        ({"aud": [3]}, "its aud is"),
        ({"sub": "web"}, "its sub is the client_id"),
        ({"exp": 1}, "it expired"),
        ({"exp": "soon"}, "its exp is 'soon'"),
        ({"nbf": 9_999_999_999}, "in the future"),
        ({"nbf": 10**400}, "its nbf is"),
        ({"nbf": True}, "its nbf is"),
        ({"iat": -(10**400)}, "its iat is"),
        ({"iat": float("inf")}, "is not JSON"),
        ({"exp": 10**400}, "its exp is"),
        ({"exp": float("nan")}, "is not JSON"),
        ({"request": "x"}, "it holds 'request'"),
        ({"request_uri": "x"}, "it holds 'request_uri'"),
    ],
)
def test_an_object_that_is_not_for_this_is_refused(flow: Flow, changes: dict[str, Any], why: str) -> None:
    refused = redirected(flow.authorize(request=signed(**changes)))
    assert refused["error"] == "invalid_request_object"
    assert why in refused["error_description"]


@pytest.mark.parametrize("header", [{"typ": "at+jwt"}, {"typ": "logout+jwt"}])
def test_a_jwt_of_another_type_is_refused(flow: Flow, header: dict[str, Any]) -> None:
    assert "its typ is" in redirected(flow.authorize(request=signed(header=header)))["error_description"]


def test_a_key_that_is_not_the_clients_is_refused(flow: Flow) -> None:
    foreign = jwt.encode({"alg": "ES256"}, members(), ECKey.generate_key("P-256"), ["ES256"])
    refused = redirected(flow.authorize(request=foreign))
    assert refused["error"] == "invalid_request_object"
    assert "none of the 1 keys" in refused["error_description"]


def test_a_client_without_keys_is_told_so(start: Start) -> None:
    refused = redirected(start().authorize(request=signed()))
    assert "neither jwks nor jwks_uri" in refused["error_description"]


@pytest.mark.parametrize("text", ["x", "a.b.c", "..", "é", "a.b.c.d.e"])
def test_what_is_no_jwt_is_refused(flow: Flow, text: str) -> None:
    assert redirected(flow.authorize(request=text))["error"] == "invalid_request_object"


def test_without_a_proven_redirect_uri_the_user_gets_a_page(flow: Flow) -> None:
    assert page(flow.authorize(**OUTSIDE, request=signed(exp=1))) == 400
    assert page(flow.authorize(request="x", redirect_uri="https://evil.example/")) == 400


def test_an_object_and_a_reference_together_are_refused(flow: Flow) -> None:
    refused = redirected(flow.authorize(request=signed(), request_uri="urn:x"))
    assert refused["error"] == "invalid_request"


def test_an_unsigned_object_is_refused_unless_the_issuer_takes_it_and_the_client_signs_with_nothing_else(
    start: Start,
) -> None:
    here = start()
    assert "takes signed ones" in redirected(here.authorize(request=unsigned()))["error_description"]
    assert "none" not in here.metadata()["request_object_signing_alg_values_supported"]
    lenient = start({"features": {"unsigned_request_objects": True}})
    assert "none" in lenient.metadata()["request_object_signing_alg_values_supported"]
    assert lenient.redirect(**OUTSIDE, request=unsigned())["state"] == "of the object"
    assert "a signature" in redirected(lenient.authorize(request=unsigned() + "c2ln"))["error_description"]
    for algorithm, taken in (("none", True), ("ES256", False)):
        named = start(
            {"features": {"unsigned_request_objects": True}}, clients={"web": {"request_object_signing_alg": algorithm}}
        )
        answer = redirected(named.authorize(request=unsigned())) if not taken else {}
        assert taken or "has registered ES256" in answer["error_description"]
        assert not taken or named.redirect(**OUTSIDE, request=unsigned())["state"] == "of the object"


def test_an_unsigned_object_must_be_signed_where_that_is_required(start: Start) -> None:
    flow = start(
        {"features": {"unsigned_request_objects": True, "require_signed_request_objects": True}},
        clients={"web": {"request_object_signing_alg": "none"}},
    )
    assert redirected(flow.authorize(**OUTSIDE, request=unsigned()))["error"] == "invalid_request"


def test_the_registered_algorithm_is_the_only_one(start: Start) -> None:
    flow = start(clients={"web": {"jwks": JWKS, "request_object_signing_alg": "ES256"}})
    assert "code" in flow.redirect(**OUTSIDE, request=signed("ES256"))
    assert "expected ES256" in redirected(flow.authorize(request=signed("RS256")))["error_description"]


def test_where_it_is_required_nothing_else_is_taken(start: Start) -> None:
    flow = start({"features": {"require_signed_request_objects": True}}, clients={"web": {"jwks": JWKS}})
    assert flow.metadata()["require_signed_request_object"] is True
    assert "require_signed_request_object" in redirected(flow.authorize())["error_description"]
    assert "code" in flow.redirect(**OUTSIDE, request=signed())


def test_a_client_can_require_it_of_itself(start: Start) -> None:
    flow = start(clients={"web": {"jwks": JWKS, "require_signed_request_object": True}})
    assert redirected(flow.authorize())["error"] == "invalid_request"
    assert "code" in flow.redirect(**OUTSIDE, request=signed())


def test_a_registered_client_signs_with_what_it_registered(flow: Flow) -> None:
    metadata = {"redirect_uris": [REDIRECT_URI], "jwks": JWKS, "request_object_signing_alg": "EdDSA"}
    client_id = flow.register(**metadata).get_json()["client_id"]
    request = signed("EdDSA", client_id=client_id, iss=client_id)
    assert "code" in flow.redirect(**OUTSIDE, client_id=client_id, request=request)
    refused = flow.register(**{**metadata, "request_object_signing_alg": "none"})
    assert refusal(refused) == (400, "invalid_client_metadata")


def test_an_object_can_be_pushed(flow: Flow) -> None:
    pushed = flow.push(**OUTSIDE, request=signed())
    assert pushed.status_code == 201
    answer = flow.redirect(**OUTSIDE, request_uri=pushed.get_json()["request_uri"])
    assert answer["state"] == "of the object"


def test_a_pushed_object_that_is_wrong_is_refused_at_once(flow: Flow) -> None:
    assert refusal(flow.push(**OUTSIDE, request=signed(aud="https://other.example"))) == (400, "invalid_request_object")


def test_an_issuer_without_the_feature_refuses_them_by_name(start: Start) -> None:
    flow = start({"features": {"request_objects": False}}, clients={"web": {"jwks": JWKS}})
    assert flow.metadata()["request_parameter_supported"] is False
    assert "request_object_signing_alg_values_supported" not in flow.metadata()
    assert redirected(flow.authorize(request=signed()))["error"] == "request_not_supported"

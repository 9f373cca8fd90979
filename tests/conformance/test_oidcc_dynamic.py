"""Modules of the OpenID conformance plan Dynamic that need a registration, each after its name."""

from __future__ import annotations

import pytest

from tests.document_server import serving, serving_bytes
from tests.flow import REDIRECT_URI, Flow, header, payload
from tests.protocol.test_request_objects import JWKS, OUTSIDE, signed, unsigned
from tests.refusal import page, refusal
from tests.shipped import Start

PAGE = "https://client.example"
WITH_QUERY = f"{REDIRECT_URI}?foo=bar"


@pytest.fixture
def nearby(start: Start) -> Flow:
    """An issuer that asks servers on this machine."""
    return start({"fetch": {"private_addresses": True}})


@pytest.fixture
def by_reference(start: Start) -> Flow:
    """An issuer that fetches request objects from servers on this machine."""
    features = {"request_uri_by_reference": True, "unsigned_request_objects": True}
    return start({"features": features, "fetch": {"private_addresses": True}})


def client_of(flow: Flow, uri: str = REDIRECT_URI, **metadata: object) -> str:
    response = flow.register(redirect_uris=[uri], **metadata)
    assert response.status_code == 201, response.text
    name: str = response.get_json()["client_id"]
    return name


def test_oidcc_idtoken_rs256(flow: Flow) -> None:
    tokens = flow.tokens(client=client_of(flow, id_token_signed_response_alg="RS256"))
    assert header(tokens["id_token"])["alg"] == "RS256"


def test_oidcc_userinfo_rs256(flow: Flow) -> None:
    tokens = flow.tokens(client=client_of(flow, userinfo_signed_response_alg="RS256"), scope="openid")
    response = flow.userinfo(tokens["access_token"])
    assert response.content_type == "application/jwt"
    assert header(response.text)["alg"] == "RS256"
    assert payload(response.text)["sub"] == payload(tokens["id_token"])["sub"]


def test_oidcc_redirect_uri_query_OK(flow: Flow) -> None:  # noqa: N802 - the name of the module
    name = client_of(flow, WITH_QUERY)
    answer = flow.redirect(client_id=name, redirect_uri=WITH_QUERY)
    assert answer["foo"] == "bar"
    assert answer["code"]


def test_oidcc_redirect_uri_query_mismatch(flow: Flow) -> None:
    name = client_of(flow, WITH_QUERY)
    assert page(flow.authorize(client_id=name, redirect_uri=f"{REDIRECT_URI}?bar=foo")) == 400


def test_oidcc_redirect_uri_query_added(flow: Flow) -> None:
    assert page(flow.authorize(client_id=client_of(flow), redirect_uri=WITH_QUERY)) == 400


def test_oidcc_ensure_redirect_uri_in_authorization_request(flow: Flow) -> None:
    response = flow.register(redirect_uris=[REDIRECT_URI, WITH_QUERY])
    assert page(flow.authorize(client_id=response.get_json()["client_id"], redirect_uri=None)) == 400


def test_oidcc_registration_logo_uri(flow: Flow) -> None:
    """A page names its address; none loads it."""
    login = flow.authorize(client_id=client_of(flow, logo_uri="https://rp.example/logo.png"))
    consent = flow.log_in(login)
    assert "Logo (not loaded), as it says" in consent.text
    assert "https://rp.example/logo.png" in consent.text
    assert not [shown for shown in (login, consent) if "<img" in shown.text]


def test_oidcc_redirect_uri_regfrag(flow: Flow) -> None:
    response = flow.register(redirect_uris=[f"{REDIRECT_URI}#foobar"])
    assert refusal(response) == (400, "invalid_redirect_uri")


def test_oidcc_registration_sector_uri(nearby: Flow) -> None:
    with serving([REDIRECT_URI]) as uri:
        name = client_of(nearby, subject_type="pairwise", sector_identifier_uri=uri)
    assert payload(nearby.tokens(client=name)["id_token"])["sub"] != "alice"


def test_oidcc_registration_sector_bad(nearby: Flow) -> None:
    with serving(["https://elsewhere.example/callback"]) as uri:
        response = nearby.register(redirect_uris=[REDIRECT_URI], subject_type="pairwise", sector_identifier_uri=uri)
    assert refusal(response) == (400, "invalid_client_metadata")


def test_oidcc_registration_policy_uri(flow: Flow) -> None:
    assert f'<a href="{PAGE}/policy"' in flow.authorize(client_id=client_of(flow, policy_uri=f"{PAGE}/policy")).text


def test_oidcc_registration_tos_uri(flow: Flow) -> None:
    assert f'<a href="{PAGE}/terms"' in flow.authorize(client_id=client_of(flow, tos_uri=f"{PAGE}/terms")).text


def referred(flow: Flow, algorithm: str) -> dict[str, str]:
    """The answer to a request that names its object, which a client has served that registered itself."""
    body = bytearray()
    with serving_bytes(body, "application/oauth-authz-req+jwt") as uri:
        name = client_of(flow, request_uris=[f"{uri}#hash"], request_object_signing_alg=algorithm, jwks=JWKS)
        inside = {"client_id": name, "iss": name, "aud": flow.metadata()["issuer"]}
        body += (unsigned(**inside) if algorithm == "none" else signed(algorithm, **inside)).encode()
        return flow.redirect(**OUTSIDE, client_id=name, request_uri=f"{uri}#hash")


def test_oidcc_request_uri_unsigned(by_reference: Flow) -> None:
    answer = referred(by_reference, "none")
    assert answer["state"] == "of the object"
    assert answer["code"]


def test_oidcc_request_uri_signed_rs256(by_reference: Flow) -> None:
    answer = referred(by_reference, "RS256")
    assert answer["state"] == "of the object"
    assert answer["code"]

"""Modules of the OpenID conformance plan Dynamic that need a registration, each after its name."""

from __future__ import annotations

import pytest

from tests.document_server import serving
from tests.flow import REDIRECT_URI, Flow, header, payload
from tests.refusal import page, refusal
from tests.shipped import Start

WITH_QUERY = f"{REDIRECT_URI}?foo=bar"


@pytest.fixture
def nearby(start: Start) -> Flow:
    """An issuer that asks servers on this machine."""
    return start({"fetch": {"private_addresses": True}})


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

"""Discovery: one document at four addresses, and it says what the issuer really does."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oidc.discovery import OpenIDProviderMetadata
from werkzeug.test import TestResponse

from devidp.web.endpoints import ENDPOINTS
from tests.flow import Flow
from tests.refusal import description, page, refusal
from tests.shipped import Start

ADDRESSES = [
    "/{}/.well-known/openid-configuration",
    "/.well-known/openid-configuration/{}",
    "/{}/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/{}",
]
FEATURES = {"userinfo": "userinfo", "introspection": "introspect", "revocation": "revoke", "registration": "register"}


@pytest.mark.parametrize("issuer", ["default", "enterprise"])
def test_the_four_addresses_have_the_same_bytes(flow: Flow, issuer: str) -> None:
    answers = [flow.http.get(address.format(issuer)) for address in ADDRESSES]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    for answer in answers:
        assert answer.content_type == "application/json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answers[0].get_json()["issuer"] == f"http://localhost:6749/{issuer}"


def test_a_document_that_is_known_already_is_not_sent_again(flow: Flow) -> None:
    address = ADDRESSES[0].format("default")
    etag = flow.http.get(address).headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = flow.http.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == etag
    assert flow.http.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    assert flow.http.head(address).headers["ETag"] == etag


@pytest.mark.parametrize("issuer", ["default", "enterprise"])
def test_authlib_finds_both_kinds_of_metadata_valid(start: Start, issuer: str) -> None:
    flow = start(at=issuer, issuers={issuer: {"signing_algorithm": "RS256"}}, config={"public_url": "https://idp.test"})
    AuthorizationServerMetadata(flow.metadata()).validate()
    OpenIDProviderMetadata(flow.metadata()).validate()


@pytest.mark.parametrize("issuer", ["default", "enterprise"])
def test_every_endpoint_that_is_advertised_answers(flow: Flow, issuer: str) -> None:
    there = flow.at(issuer)
    metadata = there.metadata()
    advertised = {name: value for name, value in metadata.items() if name.endswith(("_endpoint", "_uri"))}
    assert set(advertised) == {
        each.metadata for each in ENDPOINTS.values() if each.metadata and each.enabled(there.issuer)
    }
    for url in advertised.values():
        assert url.startswith(f"{metadata['issuer']}/")
        path = urlsplit(url).path
        answers = [flow.http.get(path), flow.http.post(path, data={})]
        assert not {404, 500} & {answer.status_code for answer in answers}
        assert any(answer.status_code != 405 for answer in answers)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("response_types_supported", ["code"]),
        ("response_modes_supported", ["query", "fragment", "form_post"]),
        ("grant_types_supported", ["authorization_code", "refresh_token", "client_credentials"]),
        ("code_challenge_methods_supported", ["S256"]),
        ("authorization_response_iss_parameter_supported", True),
        ("subject_types_supported", ["public", "pairwise"]),
        ("id_token_signing_alg_values_supported", ["ES256", "RS256", "PS256", "EdDSA", "Ed25519"]),
        ("prompt_values_supported", ["consent", "login", "none", "select_account"]),
        ("request_parameter_supported", True),
        ("request_uri_parameter_supported", False),
        ("claims_parameter_supported", True),
    ],
)
def test_what_the_shipped_default_issuer_advertises(flow: Flow, field: str, value: object) -> None:
    assert flow.metadata()[field] == value


def test_scopes_and_claims_are_those_of_the_seed(start: Start) -> None:
    metadata = start(scopes={"hr": {"description": "HR", "claims": ["salary"]}}).metadata()
    assert metadata["scopes_supported"][-2:] == ["write:tools", "hr"]
    assert {"sub", "nonce", "email", "name", "address", "salary"} <= set(metadata["claims_supported"])


def test_public_clients_may_revoke_but_not_introspect(flow: Flow) -> None:
    metadata = flow.metadata()
    assert {"client_secret_basic", "client_secret_post", "none"} <= set(
        metadata["token_endpoint_auth_methods_supported"]
    )
    assert "none" in metadata["revocation_endpoint_auth_methods_supported"]
    assert "none" not in metadata["introspection_endpoint_auth_methods_supported"]


def test_the_closed_parser_of_pmcp_can_read_the_default_issuer(flow: Flow) -> None:
    metadata = flow.metadata()
    for name in ("issuer", "authorization_endpoint", "token_endpoint"):
        assert isinstance(metadata[name], str)
    for name in ("scopes", "token_endpoint_auth_methods", "code_challenge_methods"):
        assert metadata[f"{name}_supported"]
    assert set(metadata["response_types_supported"]) <= {"code", "token"}
    grants = {"authorization_code", "refresh_token", "client_credentials", "password"}
    assert set(metadata["grant_types_supported"]) <= grants


@pytest.mark.parametrize(("feature", "endpoint"), FEATURES.items())
def test_a_feature_that_is_switched_off_vanishes(start: Start, feature: str, endpoint: str) -> None:
    flow = start({"features": {feature: False}})
    here = [name for name in flow.metadata() if name.startswith((feature, endpoint))]
    assert here == []
    refused = flow.http.post(f"/default/{endpoint}", data={})
    assert refusal(refused) == (404, "not_found")
    assert f"Switch '{feature}' on" in description(refused)
    assert flow.at("enterprise").http.post(f"/enterprise/{endpoint}", data={}).status_code != 404


@pytest.mark.parametrize(
    ("grants", "missing"),
    [
        (["authorization_code"], {"refresh_token", "client_credentials"}),
        (["client_credentials"], {"refresh_token", "authorization_code"}),
    ],
)
def test_a_grant_that_is_switched_off_vanishes(start: Start, grants: list[str], missing: set[str]) -> None:
    metadata = start({"grants": grants}).metadata()
    assert metadata["grant_types_supported"] == grants
    assert not missing & set(metadata["grant_types_supported"])


def test_an_issuer_without_users_has_nothing_for_browsers(start: Start) -> None:
    flow = start({"grants": ["client_credentials"]})
    metadata = flow.metadata()
    assert "authorization_endpoint" not in metadata
    assert metadata["response_types_supported"] == []
    assert metadata["authorization_response_iss_parameter_supported"] is False
    assert page(flow.authorize()) == 404
    assert page(flow.http.post("/default/login", data={})) == 404
    assert page(flow.http.post("/default/consent", data={})) == 404


@pytest.mark.parametrize(
    "path",
    [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration/nobody",
        "/nobody/.well-known/openid-configuration",
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-authorization-server/default/mcp",
        "/default/.well-known/nothing",
        "/.well-known/jwks.json",
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_any_other_well_known_address_is_not_found_in_json(flow: Flow, path: str, accept: str) -> None:
    assert refusal(flow.http.get(path, headers={"Accept": accept})) == (404, "not_found")


class TestWithASecondBaseForServers:
    @pytest.fixture
    def flow(self, start: Start) -> Flow:
        return start(config={"public_url": "http://localhost:6749", "backchannel_url": "http://idp:6749"})

    def metadata_at(self, flow: Flow, host: str) -> dict[str, Any]:
        response: TestResponse = flow.http.get(ADDRESSES[0].format("default"), headers={"Host": host})
        body: dict[str, Any] = response.get_json()
        return body

    def test_a_server_gets_addresses_that_it_can_reach_under_the_same_issuer(self, flow: Flow) -> None:
        metadata = self.metadata_at(flow, "idp:6749")
        assert metadata["issuer"] == "http://localhost:6749/default"
        assert metadata["authorization_endpoint"] == "http://localhost:6749/default/authorize"
        assert metadata["token_endpoint"] == "http://idp:6749/default/token"
        assert metadata["jwks_uri"] == "http://idp:6749/default/.well-known/jwks.json"

    @pytest.mark.parametrize(
        ("base", "host"),
        [
            ("http://idp:6749", "IDP:6749"),
            ("http://my_idp:6749", "my_idp:6749"),
            ("http://idp", "idp"),
            ("http://idp", "idp:80"),
            ("https://idp", "Idp:443"),
            ("https://idp", "idp"),
        ],
    )
    def test_the_host_is_the_same_in_every_spelling(self, start: Start, base: str, host: str) -> None:
        flow = start(config={"public_url": "http://localhost:6749", "backchannel_url": base})
        assert self.metadata_at(flow, host)["token_endpoint"] == f"{base}/default/token"

    @pytest.mark.parametrize("host", ["localhost:6749", "evil.localhost", "idp", "idp:6750", "127.0.0.1:1"])
    def test_everybody_else_gets_the_public_ones(self, flow: Flow, host: str) -> None:
        metadata = self.metadata_at(flow, host)
        for name, value in metadata.items():
            if name.endswith(("_endpoint", "_uri")):
                assert value.startswith("http://localhost:6749/default/")


def test_the_issuer_does_not_follow_the_host_header(flow: Flow) -> None:
    metadata = flow.http.get(ADDRESSES[0].format("default"), headers={"Host": "evil.localhost"}).get_json()
    assert "evil" not in str(metadata)

"""Several issuers in one process, one of them at the root; each knows only what is its own."""

from __future__ import annotations

import pytest
from joserfc import jwt

from tests.flow import Flow, header, payload
from tests.refusal import page, refusal
from tests.shipped import PUBLIC_URL, Start

OWN_USERS = {"carol": {"password": "carol", "claims": {"name": "Carol"}}}
OWN_CLIENTS = {"own": {"public": True, "redirect_uris": ["http://localhost/callback"]}}


@pytest.fixture
def flow(start: Start) -> Flow:
    return start(
        issuers={"root": {"path": "/", "default_audience": "http://localhost:8000/mcp"},
                 "own": {"users": OWN_USERS, "clients": OWN_CLIENTS}}
    )  # fmt: skip


class TestAtTheRoot:
    @pytest.fixture
    def root(self, flow: Flow) -> Flow:
        return flow.at("")

    def test_the_issuer_has_no_path_and_no_slash(self, root: Flow) -> None:
        metadata = root.metadata()
        assert metadata["issuer"] == PUBLIC_URL
        assert metadata["token_endpoint"] == f"{PUBLIC_URL}/token"
        assert metadata["jwks_uri"] == f"{PUBLIC_URL}/.well-known/jwks.json"
        path = "/.well-known/oauth-authorization-server"
        assert root.http.get(path).data == root.http.get("/.well-known/openid-configuration").data

    def test_the_whole_flow_works(self, root: Flow) -> None:
        tokens = root.tokens()
        assert payload(tokens["access_token"])["iss"] == PUBLIC_URL
        assert root.userinfo(tokens["access_token"]).get_json()["sub"] == "alice"
        assert root.is_active(tokens["access_token"])
        assert root.refresh(tokens["refresh_token"]).status_code == 200
        assert root.revoke(tokens["access_token"]).status_code == 200
        assert root.register(redirect_uris=["http://localhost/cb"]).status_code == 201

    def test_the_others_stay_where_they_are(self, flow: Flow, root: Flow) -> None:
        assert flow.metadata()["issuer"] == f"{PUBLIC_URL}/default"
        token = root.tokens()["access_token"]
        assert flow.introspect(token) == {"active": False}

    def test_the_landing_page_and_the_health_check_are_still_there(self, root: Flow) -> None:
        assert "text/html" in root.http.get("/").content_type
        assert root.http.get("/health").get_json()["status"] == "ok"


def test_an_issuer_may_have_users_of_its_own(flow: Flow) -> None:
    own = flow.at("own")
    assert payload(own.tokens("carol", "own")["access_token"])["sub"] == "carol"
    other = own.other_browser()
    assert "There is no user alice" in other.log_in(other.authorize(client_id="own")).text
    assert "There is no user carol" in flow.log_in(flow.authorize(), "carol").text


def test_an_issuer_may_have_clients_of_its_own(flow: Flow) -> None:
    assert page(flow.authorize(client_id="own")) == 400
    assert page(flow.at("own").authorize(client_id="web")) == 400
    refused = flow.at("own").token("service", grant_type="client_credentials")
    assert refusal(refused) == (401, "invalid_client")


def test_a_key_of_one_issuer_does_not_sign_for_another(flow: Flow) -> None:
    enterprise = flow.at("enterprise")
    key = flow.issuer.keys.active
    claims = {**payload(flow.tokens()["access_token"]), "iss": f"{PUBLIC_URL}/enterprise"}
    for kid in (key.kid, enterprise.issuer.keys.active.kid):
        forged = jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": kid}, claims, key.jwk)
        assert header(forged)["kid"] == kid
        assert enterprise.introspect(forged) == {"active": False}


@pytest.mark.parametrize("path", ["/default/", "/default/token/", "/default/.well-known/jwks.json/"])
def test_a_slash_at_the_end_is_never_redirected(flow: Flow, path: str) -> None:
    assert flow.http.post(path, data={"x": "y"}).status_code in (400, 404, 405)


def test_an_issuer_that_the_seed_adds_later_is_served_at_once(flow: Flow, start: Start) -> None:
    assert refusal(flow.http.get("/late/.well-known/jwks.json")) == (404, "not_found")
    flow.runtime.adopt(start(issuers={"late": {}}).runtime.seed)
    assert flow.at("late").metadata()["issuer"] == f"{PUBLIC_URL}/late"
    assert flow.at("own").http.get("/own/.well-known/jwks.json").status_code == 404

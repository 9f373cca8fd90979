"""The client credentials grant: a client acts for itself."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.flow import MCP, Flow, payload
from tests.refusal import description, refusal
from tests.shipped import Start

EVERYTHING = "mcp:read mcp:write mcp:admin read:tools write:tools"


def ask(flow: Flow, **parameters: str | list[str]) -> TestResponse:
    return flow.token("service", grant_type="client_credentials", **parameters)


def test_it_yields_an_access_token_and_nothing_else(flow: Flow) -> None:
    response = ask(flow, scope="mcp:read")
    assert response.headers["Cache-Control"] == "no-store"
    body = response.get_json()
    assert set(body) == {"access_token", "token_type", "expires_in", "scope"}
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, "mcp:read")


def test_the_token_speaks_of_the_client(flow: Flow) -> None:
    claims = payload(ask(flow).get_json()["access_token"])
    assert (claims["sub"], claims["client_id"], claims["aud"]) == ("service", "service", MCP)
    assert not {"auth_time", "roles", "tenant_id"} & set(claims)


def test_without_a_scope_it_gets_those_of_its_resource(flow: Flow) -> None:
    assert ask(flow).get_json()["scope"] == EVERYTHING


def test_scopes_that_speak_of_a_user_are_withheld(flow: Flow) -> None:
    assert ask(flow, scope="openid mcp:read profile").get_json()["scope"] == "mcp:read"
    refused = ask(flow, scope="openid offline_access")
    assert refusal(refused) == (400, "invalid_scope")
    assert "openid withheld: it is about a user, and the client acts for itself" in description(refused)


def test_where_the_seed_says_so_they_are_passed_over(start: Start) -> None:
    flow = start({"user_scopes": "ignore"})
    body = ask(flow, scope="openid email").get_json()
    assert (body["scope"], payload(body["access_token"])["scope"]) == ("", "")
    assert "id_token" not in body
    assert ask(flow, scope="openid mcp:read").get_json()["scope"] == "mcp:read"
    assert refusal(ask(flow, scope="openid elsewhere")) == (400, "invalid_scope")
    assert refusal(
        start({"user_scopes": "ignore"}, clients={"service": {"scopes": ["mcp:read"]}}).token(
            "service", grant_type="client_credentials", scope="mcp:write"
        )
    ) == (400, "invalid_scope")


@pytest.mark.parametrize("name", ["resource", "audience"])
def test_resource_and_audience_say_where_the_token_is_for(flow: Flow, name: str) -> None:
    claims = payload(ask(flow, **{name: "http://localhost:9/api"}).get_json()["access_token"])
    assert claims["aud"] == "http://localhost:9/api"


def test_several_resources_make_a_list(flow: Flow) -> None:
    body = ask(flow, resource=[MCP, "http://localhost:9/api"]).get_json()
    assert payload(body["access_token"])["aud"] == [MCP, "http://localhost:9/api"]


def test_resource_and_audience_may_come_together_if_they_agree(flow: Flow) -> None:
    assert payload(ask(flow, resource=MCP, audience=MCP).get_json()["access_token"])["aud"] == MCP
    refused = ask(flow, resource=MCP, audience="http://localhost:9/api")
    assert refusal(refused) == (400, "invalid_request")
    assert f"resource is '{MCP}' and audience is 'http://localhost:9/api'" in description(refused)


@pytest.mark.parametrize("audience", ["https://api.example/", "mcp", "http://localhost:9/#x", "é", '"'])
def test_an_unknown_audience_is_refused(flow: Flow, audience: str) -> None:
    assert refusal(ask(flow, audience=audience)) == (400, "invalid_target")


def test_its_tokens_are_active_while_the_client_exists(flow: Flow, start: Start) -> None:
    token = ask(flow, scope="mcp:read").get_json()["access_token"]
    answer = flow.introspect(token)
    assert (answer["active"], answer["sub"], answer["client_id"]) == (True, "service", "service")
    assert "username" not in answer


def test_a_user_of_the_same_name_as_a_client_is_not_taken_for_it(start: Start) -> None:
    flow = start(users={"service": {"password": "service", "disabled": True}})
    assert flow.is_active(ask(flow).get_json()["access_token"])


def test_a_registered_client_may_use_it(flow: Flow) -> None:
    client = flow.register(grant_types=["client_credentials"], scope="mcp:read").get_json()
    body = flow.token(client["client_id"], grant_type="client_credentials").get_json()
    assert body["scope"] == "mcp:read"

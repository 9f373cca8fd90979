"""What MCP clients leave out, or spell their own way: scope, resource, and a slash at its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.flow import MCP, Flow, payload
from tests.shipped import Start

ROOT = "http://localhost:8123"
SPELLINGS = [MCP, f"{MCP}/", ROOT, f"{ROOT}/"]


def at_both(flow: Flow, client: str, asked: Mapping[str, str], **sent: str) -> list[dict[str, str]]:
    """The claims of the tokens of the exchange and of the refresh; ``sent`` goes with both requests."""
    changes: dict[str, Any] = {"scope": None, **asked}
    code = flow.redirect(client_id=client, **changes)["code"]
    first = flow.exchange(code, client, **sent).get_json()
    second = flow.refresh(first["refresh_token"], client, **sent).get_json()
    claims = [payload(each["access_token"]) for each in (first, second)]
    assert [each["scope"] for each in claims] == [first["scope"], second["scope"]]
    return claims


def test_without_a_scope_there_are_those_of_the_resource(flow: Flow) -> None:
    for claims in at_both(flow, flow.registered(), {"resource": MCP}, resource=MCP):
        assert claims["scope"] == "mcp:read mcp:write mcp:admin read:tools write:tools"


def test_the_issuer_may_say_which_scopes_those_are(start: Start) -> None:
    flow = start({"default_scopes": ["openid", "mcp:read"]})
    for claims in at_both(flow, flow.registered(), {"resource": MCP}):
        assert claims["scope"] == "openid mcp:read"


def test_an_empty_scope_is_none(flow: Flow) -> None:
    for claims in at_both(flow, flow.registered(), {"scope": "", "resource": MCP}):
        assert "mcp:read" in claims["scope"].split()


def test_a_user_who_may_have_less_gets_less_by_default_too(flow: Flow) -> None:
    body = flow.tokens("bob", flow.registered(), scope=None, resource=MCP)
    assert body["scope"] == "mcp:read"


def test_without_a_resource_there_is_the_default_audience(flow: Flow) -> None:
    for claims in at_both(flow, flow.registered(), {"scope": "mcp:read"}):
        assert claims["aud"] == MCP


def test_a_client_that_names_the_resource_at_the_token_endpoint_only_gets_it_where_it_is_the_default(
    flow: Flow,
) -> None:
    for claims in at_both(flow, flow.registered(), {"scope": "mcp:read"}, resource=f"{MCP}/"):
        assert claims["aud"] == f"{MCP}/"


def test_offline_access_is_granted_where_it_is_asked_for(flow: Flow) -> None:
    asked = {"scope": "mcp:read offline_access", "resource": MCP, "prompt": "consent"}
    for claims in at_both(flow, flow.registered(), asked, resource=MCP):
        assert claims["scope"] == "mcp:read offline_access"


def test_offline_access_is_no_default(flow: Flow) -> None:
    assert "offline_access" in flow.metadata()["scopes_supported"]
    for claims in at_both(flow, flow.registered(), {"resource": MCP}):
        assert "offline_access" not in claims["scope"].split()


@pytest.mark.parametrize("uri", SPELLINGS)
def test_the_audience_is_spelled_as_the_client_spells_it(flow: Flow, uri: str) -> None:
    for claims in at_both(flow, flow.registered(), {"scope": "mcp:read", "resource": uri}, resource=uri):
        assert claims["aud"] == uri


@pytest.mark.parametrize("uri", SPELLINGS)
def test_one_slash_more_or_less_is_the_same_resource_in_both_directions(flow: Flow, uri: str) -> None:
    other = uri.removesuffix("/") if uri.endswith("/") else f"{uri}/"
    for claims in at_both(flow, flow.registered(), {"scope": "mcp:read", "resource": uri}, resource=other):
        assert claims["aud"] == other
    for claims in at_both(flow, flow.registered(), {"scope": "mcp:read", "resource": uri}):
        assert claims["aud"] == uri


def test_capitals_in_scheme_and_host_change_nothing(flow: Flow) -> None:
    loud = "HTTP://LocalHost:8000/mcp"
    for claims in at_both(flow, flow.registered(), {"scope": "mcp:read", "resource": loud}, resource=MCP):
        assert claims["aud"] == MCP
    for claims in at_both(flow, flow.registered(), {"scope": "mcp:read", "resource": MCP}, resource=loud):
        assert claims["aud"] == loud


@pytest.mark.parametrize("uri", [f"{MCP}//", f"{MCP}/more", MCP.replace("mcp", "MCP"), f"{MCP}?"])
def test_anything_else_is_another_resource(flow: Flow, uri: str) -> None:
    client = flow.registered()
    code = flow.redirect(client_id=client, scope="mcp:read", resource=MCP)["code"]
    assert flow.exchange(code, client, resource=uri).get_json()["error"] == "invalid_target"
    token = flow.exchange(code, client, resource=MCP).get_json()["refresh_token"]
    assert flow.refresh(token, client, resource=uri).get_json()["error"] == "invalid_target"


@pytest.mark.parametrize("uri", [MCP, f"{MCP}/"])
def test_the_scopes_of_a_resource_are_its_own_in_either_spelling(start: Start, uri: str) -> None:
    flow = start(resources={MCP: {"scopes": ["mcp:read"]}})
    assert flow.tokens(client=flow.registered(), scope=None, resource=uri)["scope"] == "mcp:read"
    with_slash = start(resources={MCP: None, f"{MCP}/": {"scopes": ["mcp:read"]}}, issuers=WITHOUT_DEFAULT)
    assert with_slash.tokens(client=with_slash.registered(), scope=None, resource=uri)["scope"] == "mcp:read"


WITHOUT_DEFAULT = {"default": {"default_audience": None}, "enterprise": {"default_audience": None}}


@pytest.mark.parametrize("uri", [MCP, f"{MCP}/"])
def test_a_service_gets_the_audience_as_it_spells_it(flow: Flow, uri: str) -> None:
    body = flow.token("service", grant_type="client_credentials", resource=uri).get_json()
    assert payload(body["access_token"])["aud"] == uri
    assert "mcp:read" in body["scope"].split()

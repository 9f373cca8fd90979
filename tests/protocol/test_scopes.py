"""The effective scope: requested, and allowed to the client, to the user, at the resource and by the policy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flow import MCP, Flow, payload
from tests.refusal import description, redirected, refusal
from tests.shipped import Start, shipped

API = "http://localhost:9000/api"
ASKED = "openid mcp:read mcp:write read:tools"


@pytest.mark.parametrize(
    ("sections", "granted"),
    [
        ({}, ASKED),
        ({"clients": {"web": {"scopes": ["openid", "mcp:read"]}}}, "openid mcp:read"),
        ({"users": {"alice": {"scopes": ["openid", "mcp:write"]}}}, "openid mcp:write"),
        ({"resources": {MCP: {"scopes": ["read:tools"]}}}, "openid read:tools"),
        ({"resources": {MCP: {"scopes": []}}}, "openid"),
        ({"policy": [{"deny": ["mcp:write"]}]}, "openid mcp:read read:tools"),
        ({"policy": [{"users": ["alice"], "allow": ["openid", "mcp:read"]}]}, "openid mcp:read"),
        ({"policy": [{"users": ["bob"], "allow": ["openid"]}]}, ASKED),
        ({"policy": [{"clients": ["web"], "deny": ["openid"]}]}, "mcp:read mcp:write read:tools"),
        ({"policy": [{"clients": ["spa"], "deny": ["openid"]}]}, ASKED),
        ({"policy": [{"users": ["alice"], "clients": ["spa"], "deny": ["openid"]}]}, ASKED),
        ({"policy": [{"allow": ["openid", "mcp:read"]}, {"deny": ["mcp:read"]}]}, "openid"),
        (
            {
                "clients": {"web": {"scopes": ["openid", "mcp:read", "mcp:write"]}},
                "users": {"alice": {"scopes": ["openid", "mcp:write", "read:tools"]}},
            },
            "openid mcp:write",
        ),
    ],
)
def test_each_party_takes_away_what_it_does_not_allow(start: Start, sections: dict[str, Any], granted: str) -> None:
    body = start(**sections).tokens(scope=ASKED)
    assert body["scope"] == payload(body["access_token"])["scope"] == granted


def test_wildcards_are_ordinary_scopes(start: Start) -> None:
    flow = start(
        scopes={"write:*": "Write anything", "write:a": "Write a"},
        resources={MCP: {"scopes": ["write:*", "write:a"]}},
        clients={"web": {"scopes": ["write:*"]}},
    )
    assert flow.tokens(scope="write:*")["scope"] == "write:*"
    assert flow.tokens(scope="write:* write:a")["scope"] == "write:*"


def test_scopes_come_once_and_in_the_order_of_the_request(flow: Flow) -> None:
    assert flow.tokens(scope="mcp:write openid  mcp:read mcp:write")["scope"] == "mcp:write openid mcp:read"


def test_bob_gets_what_the_shipped_seed_lets_him_read(flow: Flow) -> None:
    assert flow.tokens("bob", scope="openid mcp:read mcp:write mcp:admin")["scope"] == "openid mcp:read"


def test_nothing_left_is_a_denial_with_the_reasons(flow: Flow) -> None:
    refused = redirected(flow.log_in(flow.authorize(scope="mcp:write"), "bob"))
    assert refused["error"] == "access_denied"
    assert "mcp:write withheld: user bob may not have it" in refused["error_description"]


@pytest.mark.parametrize(
    ("scope", "came", "meant"),
    [
        ("openid mcp:raed", "'mcp:raed'", "Did you mean 'mcp:read'?"),
        ("OpenID", "'OpenID'", "Did you mean 'openid'?"),
        ("entirely-different", "'entirely-different'", "Add it under 'scopes'"),
        ('"', "'''", "Add it"),
        ("é\u202e", "'??'", "Add it"),
        ("openid\tmcp:read", "'openid?mcp:read'", ""),
        ("x" * 5000, "(5000 characters)", "Add it"),
    ],
)
def test_an_unknown_scope_is_refused_with_what_was_meant(flow: Flow, scope: str, came: str, meant: str) -> None:
    refused = redirected(flow.authorize(scope=scope))
    assert refused["error"] == "invalid_scope"
    assert came in refused["error_description"]
    assert meant in refused["error_description"]
    by_itself = flow.token("service", grant_type="client_credentials", scope=scope)
    assert refusal(by_itself) == (400, "invalid_scope")
    assert meant in description(by_itself)


def test_unknown_scopes_are_ignored_by_a_switch(start: Start) -> None:
    flow = start({"unknown_scopes": "ignore"})
    assert flow.tokens(scope="openid made:up")["scope"] == "openid"
    assert redirected(flow.authorize(scope='openid "'))["error"] == "invalid_scope"


@pytest.mark.parametrize(
    ("issuer", "client", "granted"),
    [
        ({}, {}, "mcp:read mcp:write mcp:admin read:tools write:tools"),
        ({"default_scopes": ["openid", "mcp:read"]}, {}, "openid mcp:read"),
        ({"default_scopes": ["openid"]}, {"default_scopes": ["mcp:write"]}, "mcp:write"),
        ({}, {"scopes": ["mcp:read", "openid"]}, "mcp:read"),
    ],
)
def test_a_request_without_a_scope_gets_the_default(
    start: Start, issuer: dict[str, Any], client: dict[str, Any], granted: str
) -> None:
    assert start(issuer, clients={"web": client}).tokens(scope=None)["scope"] == granted


def test_the_default_fits_the_resource_that_was_asked_for(start: Start) -> None:
    flow = start(resources={API: {"scopes": ["mcp:read"]}})
    assert flow.tokens(scope=None, resource=API)["scope"] == "mcp:read"


def test_a_resource_bounds_the_scope_and_several_add_up(start: Start) -> None:
    flow = start(resources={API: {"scopes": ["mcp:read"]}, MCP: {"scopes": ["read:tools"]}})
    assert flow.tokens(scope=ASKED, resource=API)["scope"] == "openid mcp:read"
    assert flow.tokens(scope=ASKED, resource=[API, MCP])["scope"] == "openid mcp:read read:tools"


def test_a_narrower_audience_narrows_the_scope(start: Start) -> None:
    flow = start(resources={API: {"scopes": ["mcp:read"]}, MCP: {"scopes": ["read:tools"]}})
    code = flow.redirect(scope=ASKED, resource=[API, MCP])["code"]
    body = flow.exchange(code, resource=MCP).get_json()
    assert body["scope"] == "openid read:tools"
    again = flow.refresh(body["refresh_token"], resource=API).get_json()
    assert (again["scope"], payload(again["access_token"])["aud"]) == ("openid mcp:read", API)
    both = flow.refresh(again["refresh_token"]).get_json()
    assert both["scope"] == "openid mcp:read read:tools"


def test_a_registered_scope_that_the_seed_has_lost_is_no_default_any_more(flow: Flow) -> None:
    client = flow.register(redirect_uris=["http://localhost/callback"], scope="phone mcp:read").get_json()
    flow.runtime.adopt(shipped(scopes={"phone": None}, users={"bob": {"scopes": ["openid"]}}))
    assert flow.tokens(client=client["client_id"], scope=None)["scope"] == "mcp:read"

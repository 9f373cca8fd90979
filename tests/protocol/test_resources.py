"""Resource indicators (RFC 8707): where a token is for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flow import MCP, Flow, payload
from tests.refusal import description, redirected, refusal
from tests.shipped import Start

API = "https://api.example/v1"
OTHER = "http://localhost:9999/other"


def audience(body: dict[str, Any]) -> object:
    return payload(body["access_token"])["aud"]


def test_the_resource_of_the_request_is_the_audience(start: Start) -> None:
    flow = start(resources={API: {}})
    assert audience(flow.tokens(resource=API)) == API


def test_several_resources_make_a_list_in_their_order(start: Start) -> None:
    flow = start(resources={API: {}})
    assert audience(flow.tokens(resource=[API, MCP, API])) == [API, MCP]


def test_the_audience_is_spelled_as_the_client_spells_it(flow: Flow) -> None:
    assert audience(flow.tokens(resource=f"{MCP}/")) == f"{MCP}/"


@pytest.mark.parametrize(
    ("issuer", "client", "expected"),
    [
        ({}, {}, MCP),
        ({"default_audience": None}, {}, "http://localhost:6749/default"),
        ({"default_audience": API}, {}, API),
        ({"default_audience": MCP}, {"default_audience": API}, API),
    ],
)
def test_without_one_there_is_a_default(
    start: Start, issuer: dict[str, Any], client: dict[str, Any], expected: str
) -> None:
    flow = start(issuer, resources={API: {}}, clients={"web": client})
    assert audience(flow.tokens()) == expected


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("mcp", "it is not an absolute URI"),
        ("/mcp", "it is not an absolute URI"),
        (f"{MCP}#part", "it has a fragment"),
        ("http:///mcp", "it has no host"),
        ("http://[", "it is not an absolute URI"),
        ("localhost:8000/mcp", "its scheme is missing: it would be http://localhost:8000/mcp"),
        ("é", "which must be percent-encoded"),
        ('"', "which must be percent-encoded"),
        ("\x00", "which must be percent-encoded"),
    ],
)
def test_a_malformed_resource_is_refused(flow: Flow, uri: str, why: str) -> None:
    refused = redirected(flow.authorize(resource=uri))
    assert refused["error"] == "invalid_target"
    assert why in refused["error_description"]


@pytest.mark.parametrize(
    ("switch", "loopback", "elsewhere"),
    [("refuse", False, False), ("loopback", True, False), ("accept", True, True)],
)
def test_an_unknown_resource_is_taken_by_a_switch(start: Start, switch: str, loopback: bool, elsewhere: bool) -> None:
    flow = start({"unknown_resources": switch})
    for uri, accepted in ((OTHER, loopback), (API, elsewhere)):
        response = flow.authorize(resource=uri)
        if accepted:
            assert response.status_code == 200
        else:
            refused = redirected(response)
            assert refused["error"] == "invalid_target"
            assert f"The resource '{uri}' is not in the seed, which has: {MCP}" in refused["error_description"]
            enough = "loopback" if "localhost" in uri else "accept"
            assert f"'unknown_resources: {enough}'" in refused["error_description"]


def test_one_bad_resource_among_good_ones_is_refused(flow: Flow) -> None:
    assert redirected(flow.authorize(resource=[MCP, API]))["error"] == "invalid_target"


def test_the_exchange_may_narrow_the_audience(flow: Flow) -> None:
    code = flow.redirect(resource=[MCP, OTHER])["code"]
    body = flow.exchange(code, resource=OTHER).get_json()
    assert audience(body) == OTHER
    assert audience(flow.refresh(body["refresh_token"]).get_json()) == [MCP, OTHER]


def test_the_exchange_may_repeat_the_audience(flow: Flow) -> None:
    code = flow.redirect(resource=[MCP, OTHER])["code"]
    assert audience(flow.exchange(code, resource=[OTHER, MCP]).get_json()) == [OTHER, MCP]


@pytest.mark.parametrize("uri", [OTHER, API, "nonsense", "é", f"{MCP}#x"])
def test_the_exchange_may_not_widen_the_audience_and_leaves_the_code_good(flow: Flow, uri: str) -> None:
    code = flow.redirect(resource=MCP)["code"]
    refused = flow.exchange(code, resource=uri)
    assert refusal(refused) == (400, "invalid_target")
    assert f"was not part of the authorization, which is for {MCP}" in description(refused)
    assert flow.exchange(code).status_code == 200


def test_a_refresh_may_narrow_the_audience_but_not_widen_it(flow: Flow) -> None:
    token = flow.tokens(resource=[MCP, OTHER])["refresh_token"]
    assert refusal(flow.refresh(token, resource=API)) == (400, "invalid_target")
    body = flow.refresh(token, resource=MCP).get_json()
    assert audience(body) == MCP
    assert audience(flow.refresh(body["refresh_token"]).get_json()) == [MCP, OTHER]


def test_a_code_for_the_default_audience_may_name_it_at_the_exchange(flow: Flow) -> None:
    assert audience(flow.exchange(flow.redirect()["code"], resource=MCP).get_json()) == MCP
    assert refusal(flow.exchange(flow.redirect()["code"], resource=OTHER)) == (400, "invalid_target")

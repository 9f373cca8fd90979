"""``audience``: what a token is for, sent in place of ``resource`` as many clients do, by URI or by logical name."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from devidp.faults import MintRefused
from devidp.faults.minting import mint, parse
from tests.flow import MCP, Flow, payload
from tests.protocol.test_id_jag import elsewhere
from tests.refusal import description, redirected, refusal
from tests.shipped import Start

API, ORDERS, GUID = "https://api.acme.example", "orders", "5f4f12a3-8f0b-4f0e-9d7b-6a5a8c1d2e3f"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
KEY = ECKey.generate_key("P-256", {"kid": "elsewhere"})
TRUSTED = {"https://idp.acme.example": {"jwks": KEY.as_dict(private=False), "match": "email"}}
GRANTS = [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "device_code",
    "token-exchange",
    "jwt-bearer",
    "password",
]


@pytest.fixture
def flow(start: Start) -> Flow:
    issuer = {"grants": GRANTS, "trusted_issuers": TRUSTED}
    resources = {API: {}, ORDERS: {"scopes": ["mcp:read"]}, GUID: {}}
    return start(
        issuer, resources=resources, clients={"web": {"grants": GRANTS, "jwks": {"keys": [KEY.as_dict(private=False)]}}}
    )


def of(answer: dict[str, Any]) -> Any:
    return payload(answer["access_token"])["aud"]


def by_code(flow: Flow, **sent: Any) -> dict[str, Any]:
    return flow.tokens(**sent)


def by_pushed_request(flow: Flow, **sent: Any) -> dict[str, Any]:
    reference = flow.push(**sent).get_json()["request_uri"]
    query = {"client_id": "web", "request_uri": reference}
    code = redirected(flow.finish(flow.http.get("/default/authorize", query_string=query)))["code"]
    body: dict[str, Any] = flow.exchange(code).get_json()
    return body


def by_request_object(flow: Flow, **sent: Any) -> dict[str, Any]:
    claims = {**flow.request(**sent), "iss": "web", "aud": flow.issuer.url}
    return flow.tokens(request=jwt.encode({"alg": "ES256"}, claims, KEY))


def by_itself(flow: Flow, **sent: Any) -> dict[str, Any]:
    body: dict[str, Any] = flow.token(grant_type="client_credentials", **sent).get_json()
    return body


def by_device(flow: Flow, **sent: Any) -> dict[str, Any]:
    data = {"scope": "openid mcp:read", **sent}
    asked = flow.http.post("/default/device_authorization", data=data, auth=("web", "web-secret")).get_json()
    code_page = flow.http.get("/default/device", query_string={"user_code": asked["user_code"]})
    flow.finish(flow.post(code_page, user_code=asked["user_code"]))
    body: dict[str, Any] = flow.token(grant_type=DEVICE, device_code=asked["device_code"]).get_json()
    return body


def by_exchange(flow: Flow, **sent: Any) -> dict[str, Any]:
    held = {"subject_token": flow.tokens()["access_token"]}
    held["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token"
    body: dict[str, Any] = flow.token(grant_type=EXCHANGE, **held, **sent).get_json()
    return body


def by_assertion(flow: Flow, **sent: Any) -> dict[str, Any]:
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    body: dict[str, Any] = flow.token(
        grant_type=grant, assertion=elsewhere(KEY, aud=flow.issuer.url), **sent
    ).get_json()
    return body


def by_password(flow: Flow, **sent: Any) -> dict[str, Any]:
    body: dict[str, Any] = flow.token(grant_type="password", username="alice", password="alice", **sent).get_json()
    return body


def by_assertion_for_it(flow: Flow, *, resource: str) -> dict[str, Any]:
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assertion = elsewhere(KEY, aud=flow.issuer.url, resource=resource)
    body: dict[str, Any] = flow.token(grant_type=grant, assertion=assertion).get_json()
    return body


WAYS = [by_code, by_pushed_request, by_request_object, by_itself, by_device, by_exchange, by_assertion, by_password]


@pytest.mark.parametrize("way", WAYS)
def test_it_says_in_every_flow_where_the_token_is_for(flow: Flow, way: Any) -> None:
    for name in (API, ORDERS, GUID):
        assert of(way(flow, audience=name)) == name
    assert of(way(flow, audience=API, resource=API)) == API


@pytest.mark.parametrize("way", [*WAYS, by_assertion_for_it])
def test_a_name_of_the_seed_is_a_resource(flow: Flow, way: Any) -> None:
    for name in (ORDERS, GUID):
        assert of(way(flow, resource=name)) == name


@pytest.mark.parametrize("way", WAYS)
def test_an_alias_names_the_resource_whose_name_is_in_the_token(start: Start, way: Any) -> None:
    other = f"api://{GUID}"
    issuer = {"grants": GRANTS, "trusted_issuers": TRUSTED}
    client = {"grants": GRANTS, "jwks": {"keys": [KEY.as_dict(private=False)]}}
    flow = start(issuer, resources={GUID: {"aliases": [other, "tasks"]}}, clients={"web": client})
    assert [of(way(flow, audience=name)) for name in (GUID, other, "tasks")] == [GUID] * 3
    assert of(way(flow, audience=[other, GUID])) == GUID


def test_an_alias_narrows_and_is_narrowed_as_the_resource_itself(start: Start) -> None:
    flow = start(resources={ORDERS: {"aliases": ["https://orders.example/"], "name": "Orders"}})
    wide: dict[str, Any] = {"audience": [ORDERS, MCP]}
    held = flow.exchange(flow.redirect(**wide)["code"], resource="https://ORDERS.example").get_json()
    assert of(held) == ORDERS
    assert (
        "Orders (https://orders.example/)" in flow.authorize(audience="https://orders.example/", prompt="consent").text
    )


def test_a_code_and_a_refresh_token_are_narrowed_by_it(flow: Flow) -> None:
    wide: dict[str, Any] = {"audience": [API, ORDERS]}
    assert of(flow.tokens(**wide)) == [API, ORDERS]
    held = flow.exchange(flow.redirect(**wide)["code"], audience=ORDERS).get_json()
    assert of(held) == ORDERS
    renewed = flow.refresh(held["refresh_token"], audience=API).get_json()
    assert of(renewed) == API
    refused = flow.refresh(renewed["refresh_token"], audience=GUID)
    assert refusal(refused) == (400, "invalid_target")
    assert f"The audience '{GUID}' was not part of the authorization" in description(refused)


@pytest.mark.parametrize(
    ("sent", "error", "why"),
    [
        ({"audience": "unknown"}, "invalid_target", "The audience 'unknown' is not in the seed, which has:"),
        ({"audience": "localhost:8000/mcp"}, "invalid_target", "The audience 'localhost:8000/mcp' is refused"),
        ({"audience": "two words"}, "invalid_target", "is refused"),
        ({"resource": "order"}, "invalid_target", "The resource 'order' is refused: it is not an absolute URI"),
        ({"resource": API, "audience": MCP}, "invalid_request", f"resource is '{API}' and audience is '{MCP}'"),
    ],
)
def test_what_is_not_known_or_contradicts_itself_is_refused(flow: Flow, sent: Any, error: str, why: str) -> None:
    answer = redirected(flow.authorize(**sent))
    assert (answer["error"], why in answer["error_description"]) == (error, True)
    for refused in (flow.push(**sent), flow.token(grant_type="client_credentials", **sent)):
        assert refusal(refused) == (400, error)
        assert why in description(refused)


def test_an_exchange_may_be_for_several_places(flow: Flow) -> None:
    """RFC 8693 section 2.1: resource and audience together."""
    assert of(by_exchange(flow, resource=API, audience=ORDERS)) == [API, ORDERS]


def test_a_token_can_be_minted_for_a_name(flow: Flow) -> None:
    assert mint(flow.issuer, parse({"user": "alice", "audience": ORDERS})).claims["aud"] == ORDERS
    with pytest.raises(MintRefused, match="The audience 'order' is not in the seed"):
        mint(flow.issuer, parse({"user": "alice", "audience": "order"}))


def test_a_name_can_be_the_default_and_limits_the_scope(start: Start) -> None:
    flow = start({"default_audience": ORDERS}, resources={ORDERS: {"scopes": ["mcp:read"]}})
    answer = flow.tokens(scope="mcp:read mcp:write")
    assert (of(answer), answer["scope"]) == (ORDERS, "mcp:read")


@pytest.mark.parametrize(("setting", "taken"), [("refuse", False), ("loopback", False), ("accept", True)])
def test_an_unknown_name_is_taken_by_a_switch(start: Start, setting: str, taken: bool) -> None:
    flow = start({"unknown_resources": setting})
    assert ("code" in flow.redirect(audience="anything")) is taken

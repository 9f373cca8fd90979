"""devidp under a public URL: what headers say changes no issuer, and the controls are not there for the public."""

from __future__ import annotations

import pytest

from tests.flow import Flow
from tests.shipped import Start

PUBLIC = "https://idp.example.test"


@pytest.fixture
def public(start: Start) -> Flow:
    return start(config={"public_url": PUBLIC})


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"},
        {"Forwarded": "host=evil.example;proto=http"},
        {"X-Forwarded-Prefix": "/evil"},
        {},
    ],
)
def test_the_issuer_is_the_public_url_whatever_headers_say(public: Flow, headers: dict[str, str]) -> None:
    address = "/default/.well-known/oauth-authorization-server"
    document = public.http.get(address, headers={"Host": "idp.example.test", **headers}).get_json()
    assert document["issuer"] == f"{PUBLIC}/default"
    assert document["authorization_endpoint"] == f"{PUBLIC}/default/authorize"


@pytest.mark.parametrize(
    "headers", [{"Host": "idp.example.test"}, {"X-Forwarded-For": "203.0.113.9"}, {"Via": "1.1 tunnel"}]
)
def test_the_control_api_refuses_callers_through_a_tunnel(public: Flow, headers: dict[str, str]) -> None:
    assert public.http.get("/_devidp/api/clock", headers={"Host": "localhost:6749"}).status_code == 200
    assert public.http.get("/_devidp/api/clock", headers={"Host": "localhost:6749", **headers}).status_code == 403

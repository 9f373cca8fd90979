"""Web pages of other origins: which endpoints they may call, and which they may not."""

from __future__ import annotations

import pytest

from tests.flow import Flow

OPEN = {
    "/default/token": "POST",
    "/default/par": "POST",
    "/enterprise/device_authorization": "POST",
    "/default/register": "POST",
    "/default/revoke": "POST",
    "/default/userinfo": "GET",
    "/default/.well-known/jwks.json": "GET",
    "/default/.well-known/openid-configuration": "GET",
    "/.well-known/oauth-authorization-server/default": "GET",
}
ORIGIN = {"Origin": "http://localhost:6274"}
SENT = "auth0-client,authorization,baggage,sentry-trace,traceparent,x-okta-user-agent-extended,x-requested-with"
"""What Auth0's, Okta's and Sentry's libraries and Swagger UI send beside the token, as browsers ask for it."""


@pytest.mark.parametrize(("path", "method"), OPEN.items())
def test_a_preflight_allows_the_method_and_the_headers_that_clients_send(flow: Flow, path: str, method: str) -> None:
    headers = {**ORIGIN, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": SENT}
    response = flow.http.options(path, headers=headers)
    assert (response.status_code, response.data) == (204, b"")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert method in response.headers["Access-Control-Allow-Methods"].split(", ")
    assert response.headers["Access-Control-Allow-Headers"] == SENT
    assert int(response.headers["Access-Control-Max-Age"]) > 0


@pytest.mark.parametrize(("path", "method"), OPEN.items())
def test_answers_and_refusals_can_be_read_without_credentials(flow: Flow, path: str, method: str) -> None:
    for response in (
        flow.http.open(path, method=method, headers=ORIGIN),
        flow.http.open(
            path.replace("default", "nobody").replace("enterprise", "nobody"), method=method, headers=ORIGIN
        ),
    ):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert "WWW-Authenticate" in response.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("path", ["/default/authorize", "/default/login", "/default/consent", "/default/introspect"])
def test_endpoints_for_people_and_servers_are_closed_to_other_origins(flow: Flow, path: str) -> None:
    preflight = flow.http.options(path, headers=ORIGIN | {"Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 405
    for response in (preflight, flow.http.post(path, data={"x": "y"}, headers=ORIGIN)):
        assert not [name for name in dict(response.headers) if name.startswith("Access-Control-")]

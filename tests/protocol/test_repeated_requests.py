"""A repeated request is checked like the first, and answered alike."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from devidp.app import create_app
from devidp.models.config import Config
from devidp.web.control.controller import Controller
from tests.flow import MCP, Flow, header, payload

SERVICE = ("service", "service-secret")
BODIES = st.dictionaries(
    st.sampled_from(["grant_type", "scope", "resource", "audience", "client_id", "client_secret", "code"]),
    st.sampled_from(
        [
            "client_credentials",
            "service",
            "service-secret",
            "web",
            "web-secret",
            "mcp:read",
            "mcp:read openid",
            MCP,
            "write:*",
            "nothing",
            "",
        ]
    ),
    max_size=5,
)
CREDENTIALS = st.sampled_from([SERVICE, ("service", "wrong"), ("web", "web-secret"), ("nobody", "x"), None])
VARIES = ("jti", "iat", "exp")


def asked(app: Flask, body: dict[str, str], credentials: tuple[str, str] | None = SERVICE, **more: str) -> TestResponse:
    shown = {"Authorization": f"Basic {b64encode(':'.join(credentials).encode()).decode()}"} if credentials else {}
    return app.test_client().post(
        "/default/token",
        data=urlencode(body),
        content_type=more.pop("content_type", "application/x-www-form-urlencoded"),
        headers={**shown, **more},
    )


def said(response: TestResponse) -> tuple[int, dict[str, str], dict[str, Any]]:
    """What an answer says, without what differs from token to token."""
    body: dict[str, Any] = response.get_json()
    if "access_token" in body:
        claims = {name: value for name, value in payload(body["access_token"]).items() if name not in VARIES}
        body |= {"access_token": [header(body["access_token"]), claims]}
    length = "Content-Length"
    return response.status_code, {name: text for name, text in response.headers if name != length}, body


def events(app: Flask) -> list[tuple[Any, ...]]:
    return [event._replace(at=0, id="", took=0) for event in app.extensions["devidp"].event_log.since()[0]]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES, credentials=CREDENTIALS)
def test_the_same_request_is_answered_alike(
    app: Flask, body: dict[str, str], credentials: tuple[str, str] | None
) -> None:
    first = said(asked(app, body, credentials))
    assert said(asked(app, body, credentials)) == first
    assert events(app)[-1] == events(app)[-2]


def test_a_repeated_request_gets_a_token_of_its_own(app: Flask) -> None:
    body = {"grant_type": "client_credentials"}
    tokens = {asked(app, body).get_json()["access_token"] for _ in range(3)}
    assert len({payload(token)["jti"] for token in tokens}) == 3


def test_a_secret_that_was_changed_counts_at_once(app: Flask) -> None:
    body = {"grant_type": "client_credentials"}
    assert asked(app, body).status_code == 200
    Controller(app.extensions["devidp"]).clients["service"].change(secret="another")
    assert asked(app, body).get_json()["error"] == "invalid_client"
    assert asked(app, body, ("service", "another")).status_code == 200
    Controller(app.extensions["devidp"]).reset()
    assert asked(app, body).status_code == 200


def test_a_client_that_was_disabled_gets_nothing(app: Flask) -> None:
    body = {"grant_type": "client_credentials"}
    assert asked(app, body).status_code == 200
    Controller(app.extensions["devidp"]).clients["service"].disable()
    assert asked(app, body).status_code == 401


def test_an_armed_fault_meets_a_repeated_request(app: Flask) -> None:
    body = {"grant_type": "client_credentials"}
    asked(app, body)
    Controller(app.extensions["devidp"]).arm("expired", client="service", grant="client_credentials")
    spoilt, good = (payload(asked(app, body).get_json()["access_token"]) for _ in range(2))
    assert spoilt["exp"] < good["iat"] < good["exp"]


def test_a_proof_of_another_key_is_looked_at(app: Flask) -> None:
    body = {"grant_type": "client_credentials"}
    assert asked(app, body).status_code == 200
    assert asked(app, body, DPoP="not a proof").get_json()["error"] == "invalid_dpop_proof"


def test_another_kind_of_body_is_another_request(app: Flask) -> None:
    body = {"grant_type": "client_credentials"}
    assert asked(app, body).status_code == 200
    assert asked(app, body, content_type="text/plain").get_json()["error"] == "invalid_request"


def test_a_registered_client_is_checked_each_time(flow: Flow) -> None:
    made = flow.register(
        grant_types=["client_credentials"], token_endpoint_auth_method="client_secret_post", redirect_uris=[]
    ).get_json()
    body = {"grant_type": "client_credentials", "client_id": made["client_id"], "client_secret": made["client_secret"]}
    assert asked(flow.app, body, None).status_code == 200
    flow.runtime.servers["default"].issuer.store.clients.remove(made["client_id"])
    assert asked(flow.app, body, None).get_json()["error"] == "invalid_client"


def test_what_another_issuer_granted_is_not_granted_here() -> None:
    app = create_app(Config("http://localhost:6749"))
    body = {"grant_type": "client_credentials", "scope": "mcp:read"}
    first = asked(app, body).get_json()["access_token"]
    other = app.test_client().post("/enterprise/token", data=body, auth=SERVICE).get_json()["access_token"]
    assert payload(first)["iss"] != payload(other)["iss"]

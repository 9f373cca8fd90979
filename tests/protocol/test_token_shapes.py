"""Tokens of another shape: what the seed makes of their claims, and that they are good for all that others are."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from devidp.system.clock import Clock
from tests.flow import MCP, Flow, header, payload
from tests.shipped import Start

OKTA: dict[str, Any] = {
    "typ": "none",
    "drop": ["scope"],
    "rename": {"client_id": "cid", "sub": "uid"},
    "claims": {"ver": 1, "jti": "AT.{jti}", "sub": "{user.email|username|client_id}", "scp": "{scopes}"},
    "cases": [{"when": {"user": False}, "drop": ["uid"], "claims": {"tenant": "acme"}}],
}
COGNITO: dict[str, Any] = {
    "typ": "none",
    "drop": ["aud", "acr", "amr"],
    "claims": {"token_use": "access", "username": "{username}", "cognito:groups": "{user.roles}", "version": 2},
}
BARE: dict[str, Any] = {"typ": "JWT", "drop": ["aud", "scope", "client_id", "jti", "auth_time", "sub"]}
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS = "urn:ietf:params:oauth:token-type:access_token"
GRANTS = ["authorization_code", "refresh_token", "client_credentials", "token-exchange"]
EXCHANGING: dict[str, Any] = {"clients": {"web": {"grants": GRANTS[:2] + GRANTS[3:]}}}
NOBODYS_KEY = {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}


def introspected(flow: Flow, token: str) -> dict[str, Any]:
    answer: dict[str, Any] = flow.http.post(
        "/default/introspect", data={"token": token}, auth=("web", "web-secret")
    ).get_json()
    return answer


def userinfo(flow: Flow, token: str) -> Any:
    return flow.http.get("/default/userinfo", headers={"Authorization": f"Bearer {token}"})


def test_claims_are_dropped_renamed_and_set(start: Start) -> None:
    flow = start({"access_token": OKTA})
    token = flow.tokens(scope="openid mcp:read")["access_token"]
    assert set(header(token)) == {"alg", "kid"}
    claims = payload(token)
    assert not {"scope", "client_id"} & set(claims)
    assert (claims["cid"], claims["uid"], claims["ver"], claims["scp"]) == ("web", "alice", 1, ["openid", "mcp:read"])
    assert claims["sub"] == "alice@acme.example"
    assert claims["jti"].startswith("AT.")
    assert "tenant" not in claims


def test_a_case_is_for_some_tokens_only(start: Start) -> None:
    flow = start({"access_token": OKTA})
    claims = payload(flow.token("service", grant_type="client_credentials").get_json()["access_token"])
    assert (claims["tenant"], claims["cid"], claims["sub"]) == ("acme", "service", "service")
    assert "uid" not in claims


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"grant": "authorization_code"}, True),
        ({"grant": ["client_credentials", "authorization_code"]}, True),
        ({"grant": "refresh_token"}, False),
        ({"scope": ["mcp:read", "mcp:write"]}, True),
        ({"scope": "mcp:write"}, False),
        ({"client": "web"}, True),
        ({"client": "spa"}, False),
        ({"auth_method": ["none", "client_secret_basic"]}, True),
        ({"auth_method": "private_key_jwt"}, False),
        ({"resource": MCP}, True),
        ({"user": True}, True),
        ({"user": False}, False),
        ({"user": True, "scope": "mcp:write"}, False),
    ],
)
def test_every_key_of_a_condition_has_to_hold(start: Start, when: dict[str, Any], holds: bool) -> None:
    flow = start({"access_token": {"cases": [{"when": when, "claims": {"here": True}}]}})
    assert ("here" in payload(flow.tokens(scope="openid mcp:read")["access_token"])) is holds


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{client_id}", "web"),
        ("{client_name}", "Example web application"),
        ("{issuer}/me", "http://localhost:6749/default/me"),
        ("{scope}", "openid mcp:read"),
        ("{scopes}", ["openid", "mcp:read"]),
        ("{resource_scope}", "mcp:read"),
        (["{resource_scopes}"], ["mcp:read"]),
        (["{aud}", "{issuer}/userinfo"], [MCP, "http://localhost:6749/default/userinfo"]),
        ("{grant}|{username}", "authorization_code|alice"),
        ("{user_id}", "f9b3a4ac-0000-5000-0000-000000000000"),
        ("{user.roles}", ["admin"]),
        ("roles: {user.roles}", "roles: admin"),
        ("{user.email_verified}", True),
        ("{user.nothing}", None),
        ("a {user.nothing}", None),
        ("{user.nothing|user.tenant_id}", "acme"),
        ("{user.nothing|'none'}", "none"),
        ({"{client_id}": {"roles": "{user.roles}", "no": "{nonce}"}}, {"web": {"roles": ["admin"]}}),
        ({"a": {"b": "{nonce}"}}, None),
        (["{nonce}"], None),
        ([], []),
        ({}, {}),
        ("{{client_id}} }}", "{client_id} }"),
        (1.5, 1.5),
        (None, None),
    ],
)
def test_a_template_stands_for_what_was_granted(start: Start, template: object, expected: object) -> None:
    flow = start({"access_token": {"claims": {"x": template}}}, clients={"web": {"name": "Example web application"}})
    claims = payload(flow.tokens(scope="openid mcp:read")["access_token"])
    if template == "{user_id}":
        again = start({"access_token": {"claims": {"x": template}}}).tokens()["access_token"]
        assert claims["x"] == payload(again)["x"]
        assert [len(part) for part in claims["x"].split("-")] == [8, 4, 4, 4, 12]
    else:
        assert claims.get("x") == expected
        assert ("x" in claims) is (expected is not None)


def test_times_are_numbers(start: Start, frozen: Clock) -> None:
    flow = start({"access_token": {"claims": {"nbf": "{now}", "until": "{exp}", "login": "{auth_time}"}}})
    claims = payload(flow.tokens()["access_token"])
    assert (claims["nbf"], claims["until"], claims["login"]) == (claims["iat"], claims["exp"], claims["auth_time"])
    assert claims["nbf"] == frozen.seconds()


def test_the_more_specific_shape_comes_on_top(start: Start) -> None:
    def shape(value: str, **more: Any) -> dict[str, Any]:
        return {"claims": {"from": value, f"by_{value}": True}, **more}

    flow = start(
        {"access_token": shape("issuer", typ="JWT")},
        resources={MCP: {"access_token": shape("resource", typ="none")}},
        clients={"web": {"access_token": shape("client", rename={"by_issuer": "first"})}},
    )
    token = flow.tokens(resource=MCP)["access_token"]
    claims = payload(token)
    assert (claims["from"], claims["by_resource"], claims["by_client"], claims["first"]) == ("client", True, True, True)
    assert "typ" not in header(token)
    other = payload(flow.token("service", grant_type="client_credentials", resource=MCP).get_json()["access_token"])
    assert (other["from"], other["by_issuer"]) == ("resource", True)


def test_access_token_id_token_and_userinfo_have_shapes_of_their_own(start: Start) -> None:
    issuer = {
        "access_token": {"claims": {"token_use": "access"}},
        "id_token": {"typ": "none", "claims": {"token_use": "id", "oid": "{user_id}"}, "drop": ["auth_time"]},
        "userinfo": {
            "rename": {"sub": "id"},
            "claims": {"picture": "{issuer}/{username}", "c": "{client_id}"},
        },
    }
    flow = start(issuer, clients={"web": {"id_token": {"claims": {"app": "{client_id}"}}, "userinfo": {"drop": ["c"]}}})
    body = flow.tokens(scope="openid")
    identity = payload(body["id_token"])
    assert (payload(body["access_token"])["token_use"], identity["token_use"], identity["app"]) == (
        "access",
        "id",
        "web",
    )
    assert "auth_time" not in identity
    assert "typ" not in header(body["id_token"])
    assert userinfo(flow, body["access_token"]).get_json() == {"id": "alice", "picture": f"{flow.issuer.url}/alice"}


@pytest.mark.parametrize("shape", [OKTA, COGNITO, BARE])
def test_a_token_of_any_shape_is_good_for_all_that_others_are(start: Start, shape: dict[str, Any]) -> None:
    flow = start({"access_token": shape, "grants": GRANTS}, **EXCHANGING)
    body = flow.tokens(scope="openid email mcp:read")
    token = body["access_token"]
    assert userinfo(flow, token).get_json()["sub"] == "alice"
    said = introspected(flow, token)
    assert (said["active"], said["client_id"], said["username"], said["token_type"]) == (True, "web", "alice", "Bearer")
    assert set(said["scope"].split()) == {"openid", "email", "mcp:read"}
    assert said["aud"] == MCP
    assert {name: said[name] for name in shape.get("claims", {})} == {
        name: payload(token).get(name, said[name]) for name in shape.get("claims", {})
    }
    exchanged = flow.token("web", grant_type=EXCHANGE, subject_token=token, subject_token_type=ACCESS, scope="mcp:read")
    assert exchanged.status_code == 200, exchanged.text
    assert introspected(flow, exchanged.get_json()["access_token"])["scope"] == "mcp:read"
    flow.http.post("/default/revoke", data={"token": token}, auth=("web", "web-secret"))
    assert introspected(flow, token) == {"active": False}
    assert userinfo(flow, token).status_code == 401


@pytest.mark.parametrize("shape", [OKTA, COGNITO, BARE])
def test_it_ends_as_others_do(start: Start, clock: Clock, shape: dict[str, Any]) -> None:
    flow = start({"access_token": shape})
    first, second = (flow.tokens() for _ in range(2))
    flow.http.post("/default/revoke", data={"token": first["refresh_token"]}, auth=("web", "web-secret"))
    assert introspected(flow, first["access_token"]) == {"active": False}
    assert introspected(flow, second["access_token"])["active"]
    clock.advance(3601)
    assert introspected(flow, second["access_token"]) == {"active": False}


@pytest.mark.parametrize("typ", ["at+jwt", "JWT", "none"])
def test_an_id_token_is_no_access_token_whatever_their_types(start: Start, typ: str) -> None:
    alike = {"typ": typ, "drop": ["auth_time"], "claims": {"client_id": "{client_id}", "scope": "{scope}", "aud": "x"}}
    flow = start({"access_token": {"typ": typ}, "id_token": alike})
    body = flow.tokens()
    assert userinfo(flow, body["id_token"]).status_code == 401
    assert introspected(flow, body["id_token"]) == {"active": False}
    assert introspected(flow, body["access_token"])["active"]


@pytest.mark.parametrize("typ", ["at+jwt", "JWT", "none"])
def test_an_access_token_is_no_id_token_whatever_their_types(start: Start, typ: str) -> None:
    """Its audience may be the client itself, and then nothing that it says tells it from an ID token."""
    own = {"default_audience": "web", "grants": GRANTS[:2] + GRANTS[3:]}
    shape = {"access_token": {"typ": typ}, "features": {"tokeninfo": True}}
    flow = start({**shape, "grants": GRANTS}, clients={"web": own}, resources={"web": {}})
    token = flow.tokens(resource=None)["access_token"]
    assert payload(token)["aud"] == "web"
    exchanged = flow.token(
        "web",
        grant_type=EXCHANGE,
        subject_token=token,
        subject_token_type="urn:ietf:params:oauth:token-type:id_token",
    )
    assert exchanged.status_code == 400
    assert flow.http.get("/default/logout", query_string={"id_token_hint": token}).status_code == 400
    assert flow.http.get("/default/tokeninfo", query_string={"id_token": token}).status_code == 400
    assert flow.http.get("/default/tokeninfo", query_string={"access_token": token}).status_code == 200


def test_a_shaped_id_token_is_a_hint_and_can_be_exchanged(start: Start, clock: Clock) -> None:
    bare = {"drop": ["sid", "jti", "auth_time", "acr", "amr"], "rename": {"sub": "uid"}, "claims": {"aud": "api"}}
    flow = start({"id_token": bare, "grants": GRANTS}, **EXCHANGING)
    token = flow.tokens()["id_token"]
    assert {"sid", "jti", "sub"}.isdisjoint(payload(token))
    exchanged = flow.token(
        "web",
        grant_type=EXCHANGE,
        subject_token=token,
        subject_token_type="urn:ietf:params:oauth:token-type:id_token",
        scope="mcp:read",
    )
    assert exchanged.status_code == 200, exchanged.text
    assert flow.authorize(id_token_hint=token, prompt="none").status_code == 303
    clock.advance(3600)
    assert flow.http.get("/default/logout", query_string={"id_token_hint": token}).status_code == 200


def test_a_shape_without_loss_writes_no_row(start: Start) -> None:
    flow = start({"access_token": {"claims": {"tenant": "acme"}}, "id_token": {"claims": {"token_use": "id"}}})
    body = flow.tokens()
    rows = flow.runtime.database.rows("SELECT hash FROM kept_tokens", ())
    assert not rows
    assert introspected(flow, body["access_token"])["tenant"] == "acme"


def test_a_machine_client_carries_what_the_seed_gives_it(start: Start) -> None:
    claims = {"tenant": "acme", "roles": ["reader"], "permissions": "{resource_scopes}"}
    flow = start(clients={"service": {"access_token": {"claims": claims}}})
    token = flow.token("service", grant_type="client_credentials", scope="mcp:read").get_json()["access_token"]
    said = payload(token)
    assert {name: said[name] for name in claims} == {**claims, "permissions": ["mcp:read"]}
    assert introspected(flow, token)["roles"] == ["reader"]


def test_an_opaque_token_shows_its_shape_to_introspection(start: Start) -> None:
    shape = {"access_token": {"drop": ["client_id"], "claims": {"ext": {"tenant": "acme"}, "scp": "{scopes}"}}}
    flow = start({**shape, "access_token_format": "opaque"})
    token = flow.tokens(scope="openid mcp:read")["access_token"]
    assert "." not in token
    said = introspected(flow, token)
    assert (said["ext"], said["scp"], said["client_id"]) == ({"tenant": "acme"}, ["openid", "mcp:read"], "web")


def test_a_bound_token_of_another_shape_stays_bound(start: Start) -> None:
    flow = start({"access_token": BARE})
    minted = flow.http.post(
        "/_devidp/api/tokens", json={"claims": {"cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}}
    )
    token = minted.get_json()["token"]
    assert introspected(flow, token)["token_type"] == "DPoP"
    assert userinfo(flow, token).status_code == 401


def test_a_minted_token_has_the_shape(start: Start) -> None:
    flow = start({"access_token": OKTA})
    http: FlaskClient = flow.http
    token = http.post("/_devidp/api/tokens", json={"user": "bob", "scope": "mcp:read"}).get_json()["token"]
    assert (payload(token)["scp"], payload(token)["uid"]) == (["mcp:read"], "bob")
    assert introspected(flow, token)["username"] == "bob"
    narrowed = http.post("/_devidp/api/tokens", json={"claims": {"scp": ["mcp:write"]}}).get_json()["token"]
    assert introspected(flow, narrowed)["scope"] == "mcp:write"
    long = http.post("/_devidp/api/tokens", json={"lifetime": "30d"}).get_json()
    kept = flow.runtime.database.rows("SELECT max(purge_at) FROM kept_tokens", ())
    assert kept[0][0] == long["claims"]["exp"]
    expired = http.post("/_devidp/api/tokens", json={"lifetime": "-1m"}).get_json()["token"]
    assert introspected(flow, expired) == {"active": False}


def test_a_client_gets_and_loses_its_shape_while_devidp_runs(start: Start) -> None:
    flow = start()
    shape = {"typ": "JWT", "claims": {"azp": "{client_id}"}}
    shown = flow.http.patch("/_devidp/api/clients/web", json={"access_token": shape})
    assert shown.get_json()["access_token"] == shape
    token = flow.tokens()["access_token"]
    assert (header(token)["typ"], payload(token)["azp"]) == ("JWT", "web")
    refused = flow.http.patch("/_devidp/api/clients/web", json={"access_token": {"claims": {"azp": "{client}"}}})
    assert "clients.web.access_token.claims.azp: got '{client}', where 'client' is no" in refused.text
    flow.http.patch("/_devidp/api/clients/web", json={"access_token": None})
    assert header(flow.tokens()["access_token"])["typ"] == "at+jwt"
    assert introspected(flow, token)["active"], "what was issued stays good"


def test_of_two_tokens_that_are_one_text_the_later_one_counts(start: Start, frozen: Clock) -> None:
    flow = start({"access_token": BARE, "signing_algorithm": "EdDSA"})
    first = flow.tokens(scope="openid")
    flow.revoke(first["refresh_token"])
    assert not flow.is_active(first["access_token"])
    second = flow.tokens(scope="openid")
    assert second["access_token"] == first["access_token"]
    assert flow.is_active(second["access_token"])

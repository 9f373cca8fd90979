"""Faults of tokens of another shape: each changes what it says where the token says it, or is refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from devidp.faults import FAULTS, NotApplicable, possible
from devidp.faults.minting import parse, twins
from devidp.store.overrides import NOTHING
from devidp.system.clock import Clock
from tests.faults.diff import diff
from tests.faults.reasons import MORE_THAN_ONE_PART
from tests.flow import Flow, payload
from tests.shipped import Start

COGNITO: dict[str, Any] = {
    "typ": "none",
    "drop": ["aud", "acr", "amr", "roles", "tenant_id"],
    "claims": {"token_use": "access", "username": "{username}", "cognito:groups": "{user.roles}"},
}
OKTA: dict[str, Any] = {
    "typ": "none",
    "drop": ["scope"],
    "rename": {"client_id": "cid", "tenant_id": "https://acme.example/tenant"},
    "claims": {"ver": 1, "jti": "AT.{jti}", "scp": "{scopes}"},
}
ENTRA: dict[str, Any] = {
    "typ": "JWT",
    "drop": ["scope", "client_id", "jti", "auth_time", "acr"],
    "rename": {"tenant_id": "tid"},
    "claims": {"azp": "{client_id}", "scp": "{resource_scope}", "uti": "{jti}", "nbf": "{now}", "oid": "{user_id}"},
}
TWICE: dict[str, Any] = {"claims": {"scp": "{scopes}", "azp": "{client_id}"}}
SHAPES = {"cognito": COGNITO, "okta": OKTA, "entra": ENTRA}
AT_DEFAULT = {"issuer": "default"}
MINTED: dict[str, Any] = {"user": "alice", "client": "web", "scope": "openid mcp:read mcp:write"}


@pytest.fixture(scope="module")
def flows() -> Iterator[dict[str, Flow]]:
    starting = Start(Clock())
    starting.clock.freeze()
    yield {name: starting({"access_token": shape}) for name, shape in {**SHAPES, "twice": TWICE}.items()}
    starting.close()


@pytest.mark.parametrize(
    ("shape", "fault", "changed"),
    [
        ("okta", "scope-missing", {"scp": "missing"}),
        ("okta", "scope-empty", {"scp": []}),
        ("okta", "scope-null", {"scp": None}),
        ("okta", "scope-number", {"scp": 42}),
        ("okta", "scope-case", {"scp": ["MCP:READ", "MCP:WRITE"]}),
        ("okta", "scope-prefix", {"scp": ["other:mcp:read", "other:mcp:write"]}),
        ("okta", "scope-longer", {"scp": ["mcp:reads-none", "mcp:writes-none"]}),
        ("okta", "scope-wildcard", {"scp": ["mcp:*"]}),
        ("okta", "scope-of-login-only", {"scp": ["openid", "profile"]}),
        ("okta", "scp-string", {"scp": "openid mcp:read mcp:write"}),
        ("okta", "scope-in-roles", {"scp": "missing", "roles": ["mcp:read", "mcp:write"]}),
        ("okta", "client-id-missing", {"cid": "missing"}),
        ("okta", "client-id-number", {"cid": 42}),
        ("okta", "tenant-missing", {"https://acme.example/tenant": "missing"}),
        ("okta", "tenant-other", {"https://acme.example/tenant": "globex"}),
        ("entra", "scope-missing", {"scp": "missing"}),
        ("entra", "scope-empty", {"scp": ""}),
        ("entra", "scope-comma-separated", {"scp": "mcp:read,mcp:write,another:scope"}),
        ("entra", "scope-array", {"scp": ["mcp:read", "mcp:write"]}),
        ("entra", "scp-array", {"scp": ["mcp:read", "mcp:write"]}),
        ("entra", "client-id-missing", {"azp": "missing"}),
        ("entra", "jti-missing", {"uti": "missing"}),
        ("entra", "tenant-null", {"tid": None}),
        ("entra", "tenant-case", {"tid": "ACME"}),
        ("entra", "other-user", {"sub": "bob"}),
        ("cognito", "scope-case", {"scope": "MCP:READ MCP:WRITE"}),
        ("cognito", "token-use-id", {"token_use": "id"}),
        ("cognito", "sub-missing", {"sub": "missing"}),
        ("twice", "scope-missing", {"scope": "missing", "scp": "missing"}),
        ("twice", "scope-of-login-only", {"scope": "openid profile", "scp": ["openid", "profile"]}),
        ("twice", "client-id-missing", {"client_id": "missing", "azp": "missing"}),
    ],
)
def test_a_fault_is_where_the_token_says_the_claim(
    flows: dict[str, Flow], shape: str, fault: str, changed: dict[str, Any]
) -> None:
    valid, faulty = twins(flows[shape].issuer, parse({**MINTED, "fault": fault}))
    names = {**valid.claims, **faulty.claims}
    assert {
        name: faulty.claims.get(name, "missing")
        for name in names
        if valid.claims.get(name, "missing") != faulty.claims.get(name, "missing")
    } == changed
    assert valid.header == faulty.header


OF_AUDIENCE = {fault.name for fault in FAULTS.values() if fault.group == "audience"}
NO_TYPE = {"typ-wrong", "typ-missing"}
UNBOUND = {"cnf-missing"}
REFUSED: dict[str, set[str]] = {
    "cognito": OF_AUDIENCE | NO_TYPE | UNBOUND | {name for name in FAULTS if name.startswith(("acr", "amr"))}
    | {name for name in FAULTS if name.startswith("tenant-") and name != "tenant-key"},
    "okta": NO_TYPE | UNBOUND | {"scope-array", "scp-array", "scope-comma-separated"},
    "entra": NO_TYPE | UNBOUND | {"scp-string"}
    | {name for name in FAULTS if name.startswith(("acr", "auth-time"))},
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_what_a_token_cannot_have_is_refused_by_name(flows: dict[str, Flow], shape: str) -> None:
    refused = {}
    for fault in FAULTS.values():
        if "access" not in fault.applies_to:
            continue
        wanted = {**MINTED, "fault": fault.name, "token_type": "access"}
        try:
            valid, faulty = twins(flows[shape].issuer, parse(wanted))
        except NotApplicable as refusal:
            refused[fault.name] = refusal.reason
            continue
        parts = diff(valid.token, faulty.token)
        if fault.name not in MORE_THAN_ONE_PART:
            # ES256 signs the same content in another way each time
            assert set(parts) <= {"signature"} if fault.group == "state" else len(parts) == 1, (fault.name, parts)
    flows[shape].runtime.control(lambda overrides: NOTHING)
    assert all(f"The fault '{name}' does not apply: " in why for name, why in refused.items())
    assert set(refused) - {"alg-es256"} == REFUSED[shape]
    for name in REFUSED["cognito"] - UNBOUND - {"acr-missing"} if shape == "cognito" else ():
        answer = flows[shape].http.post("/_devidp/api/arm", json={"fault": name, "token_type": "access", **AT_DEFAULT})
        assert answer.status_code == 400, name
        assert f"The fault '{name}' does not apply" in answer.get_json()["error_description"]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_issuer_takes_a_faulty_token_for_what_it_has_become(flows: dict[str, Flow], shape: str) -> None:
    flow = flows[shape]

    def introspected(fault: str) -> dict[str, Any]:
        return flow.introspect(twins(flow.issuer, parse({**MINTED, "fault": fault}))[1].token)

    for fault in ("expired", "nbf-future", "signature-bad", "revoked", "grant-revoked", "user-disabled", "sub-missing",
                  "scope-missing", "id-token"):  # fmt: skip
        assert introspected(fault) == {"active": False}, fault
    assert introspected("refresh-token")["token_use"] == "refresh_token"
    assert "username" not in introspected("client-token")
    assert introspected("scope-case")["scope"] == "MCP:READ MCP:WRITE"
    assert introspected("introspection-other-sub")["username"] == "bob"
    flow.runtime.control(lambda overrides: NOTHING)


def test_an_armed_fault_is_in_the_token_of_a_flow(flows: dict[str, Flow]) -> None:
    flow = flows["okta"]
    assert flow.http.post("/_devidp/api/arm", json={"fault": "scope-of-login-only"}).status_code == 201
    assert payload(flow.tokens()["access_token"])["scp"] == ["openid", "profile"]
    assert payload(flow.tokens()["access_token"])["scp"] == ["openid", "mcp:read"]


def test_an_armed_fault_of_jwts_makes_no_jwt_of_an_opaque_token(start: Start) -> None:
    flow = start(clients={"web": {"access_token_format": "opaque"}})
    assert flow.http.post("/_devidp/api/arm", json={"fault": "expired"}).status_code == 201, "others get JWTs"
    assert "." not in flow.tokens()["access_token"]
    flow.http.delete("/_devidp/api/arm")
    flow.http.post("/_devidp/api/arm", json={"fault": "grant-revoked", "client": "web"})
    assert flow.introspect(flow.tokens()["access_token"]) == {"active": False}
    minted = flow.http.post("/_devidp/api/tokens", json={"client": "web", "lifetime": "1m"}).get_json()
    assert minted["explanation"].startswith("An opaque access token")


def test_the_faults_of_a_shape_can_be_listed(flows: dict[str, Flow], start: Start) -> None:
    def impossible(flow: Flow) -> dict[str, str]:
        found = possible.inapplicable([flow.issuer])
        flow.runtime.control(lambda overrides: NOTHING)
        return found

    plain = impossible(start())
    missing = impossible(start({"access_token": COGNITO, "features": {"id_jag": False}}))
    assert set(missing) >= OF_AUDIENCE
    assert "there is no aud in this token" in missing["audience-wrong"]
    assert not OF_AUDIENCE & set(plain)
    assert not {"expired", "scope-missing", "id-nonce-wrong", "key-foreign"} & set(missing)
    opaque = impossible(start({"access_token_format": "opaque", "features": {"id_jag": False}}))
    assert {"scope-missing", "audience-wrong", "token-use-id"} < set(opaque)
    assert "shows in a JWT" in opaque["scope-missing"]
    assert not {"revoked", "expired", "id-nonce-wrong"} & set(opaque), "an ID token can be expired"

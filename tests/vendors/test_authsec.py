"""The authsec SDK, which protects MCP servers: its four modes against an issuer of devidp without a profile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from devidp import DevIdP
from devidp.faults import FAULTS
from tests.real_clients.program import Program, running

API = "https://api.example.test/mcp"
SEED = {
    "users": {"alice": {"claims": {"tenant_id": "acme"}}, "bob": {}},
    "clients": {
        "web": {"public": True, "redirect_uris": ["http://localhost:9/callback"]},
        "server": {"secret": "s3cret", "grants": ["client_credentials"]},
    },
    "scopes": {"openid": "Know who you are", "mcp:read": "Read"},
    "resources": {API: {}},
}
CATALOGUE = [
    fault.name
    for fault in FAULTS.values()
    if fault.applies_to[0] == "access" and fault.evidence == "token" and fault.name != "cnf-missing"
]
"""Every fault that a token shows which is bound to no key."""
IN_EVERY_MODE = {
    "audience-array-mixed", "audience-array-with-others", "audience-empty-array", "audience-missing", "audience-null",
    "claims-duplicate", "exp-milliseconds", "iat-missing", "kid-duplicate", "lifetime-30-days", "oversized",
    "token-use-id",
}  # fmt: skip
BY_SIGNATURE = {
    "alg-rs384", "base64-padded", "client-id-missing", "client-id-number", "exp-missing", "exp-string", "expired-10s",
    "iat-string", "jti-missing", "nbf-string", "scope-array", "sub-empty", "sub-missing", "typ-logout-token",
    "typ-missing", "typ-wrong",
}  # fmt: skip
BY_INTROSPECTION = {"iat-future", "kid-missing", "refresh-token"}
"""The last one: that it speaks of a refresh token is in ``token_type``, which the SDK does not read."""
LET_IN = {
    "jwt_only": IN_EVERY_MODE | BY_SIGNATURE,
    "introspection_only": IN_EVERY_MODE | BY_INTROSPECTION | {"audience-empty"},
    "jwt_and_introspect": IN_EVERY_MODE | {"refresh-token"},
    "jwt_or_introspect": IN_EVERY_MODE | BY_SIGNATURE | BY_INTROSPECTION,
}
"""Faults that the SDK does not see, by its mode. It verifies an audience where there is one."""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sdk() -> Iterator[Program]:
    with running(".venv-vendors", "tests.vendors.programs.authsec") as program:
        yield program


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP(SEED) as idp:
        yield idp


def verdicts(idp: DevIdP, sdk: Program, mode: str, tokens: list[str]) -> list[str]:
    """Why the SDK refuses each of the tokens; empty where it lets one in."""
    metadata = requests.get(idp.discovery_url, timeout=60).json()
    answer = sdk.ask(
        mode=mode,
        tokens=tokens,
        tool_scopes={"echo": ["mcp:read"]},
        issuer=idp.issuer,
        authorization_server=idp.issuer,
        jwks_url=metadata["jwks_uri"],
        introspection_url=metadata["introspection_endpoint"],
        introspection_client_id="server",
        introspection_client_secret="s3cret",
        resource_uri=API,
    )
    found: list[str] = answer["verdicts"]
    return found


@pytest.mark.parametrize("mode", LET_IN)
def test_a_sound_token_runs_and_the_catalogue_is_refused_but_for_what_the_sdk_does_not_see(
    idp: DevIdP, sdk: Program, mode: str
) -> None:
    sound = idp.token(audience=API, scope="mcp:read")
    faulty = [idp.token(audience=API, scope="mcp:read", fault=name) for name in CATALOGUE]
    first, *others = verdicts(idp, sdk, mode, [sound, *faulty])
    assert first == ""
    assert {name for name, why in zip(CATALOGUE, others, strict=True) if not why} == LET_IN[mode]


@pytest.mark.parametrize("mode", LET_IN)
def test_a_scope_is_wanted_for_a_tool_and_another_audience_is_refused(idp: DevIdP, sdk: Program, mode: str) -> None:
    tokens = [
        idp.token(audience=API, scope="openid"),
        idp.token(audience=API, scope="mcp:read", fault="audience-wrong"),
        idp.token(audience=API, scope="mcp:read", fault="expired"),
    ]
    assert verdicts(idp, sdk, mode, tokens) == ["scope_insufficient", "invalid_audience", "invalid_token"]


@pytest.mark.parametrize("mode", LET_IN)
def test_a_revoked_token_is_seen_by_introspection_alone(idp: DevIdP, sdk: Program, mode: str) -> None:
    revoked = idp.token(audience=API, scope="mcp:read", fault="revoked")
    expected = "" if mode in ("jwt_only", "jwt_or_introspect") else "invalid_token"
    assert verdicts(idp, sdk, mode, [revoked]) == [expected]

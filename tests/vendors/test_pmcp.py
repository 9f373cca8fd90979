"""The crate pmcp, a Rust SDK of MCP: how it verifies tokens, registers clients, and exchanges codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session

from devidp import DevIdP
from devidp.faults import FAULTS
from tests.real_clients.program import PMCP, Program, built, conversing

API = "https://api.example.test/mcp"
CALLBACK = "http://localhost:9/callback"
SEED = {
    "users": {"alice": {"claims": {"tenant_id": "acme", "groups": ["admins"]}}, "bob": {}},
    "clients": {"web": {"public": True, "redirect_uris": [CALLBACK]}},
    "scopes": {"openid": "Know who you are", "mcp:read": "Read"},
    "resources": {API: {}},
}
FOR_ITS_USER = ("scope", "authentication", "tenant")
"""Groups of faults in what the crate hands on: whether that is enough is decided by the server that uses it."""
SEEN_IN_TOKENS = [
    fault.name
    for fault in FAULTS.values()
    if fault.applies_to[0] == "access" and fault.evidence == "token" and fault.group not in FOR_ITS_USER
]
LET_IN = frozenset(
    {
        "audience-array-mixed", "audience-array-with-others", "audience-missing", "audience-nested-array",
        "audience-null", "audience-number", "audience-object", "client-id-missing", "client-id-number", "crit-empty",
        "crit-unknown", "exp-milliseconds", "expired-10s", "expired-30s", "iat-future", "iat-missing", "iat-string",
        "issuer-array", "issuer-missing", "issuer-null", "issuer-number", "jti-missing", "lifetime-30-days",
        "nbf-future", "nbf-string", "oversized", "token-use-id", "typ-logout-token", "typ-missing", "typ-wrong",
    }
)  # fmt: skip
"""Faults that the crate does not see. It allows 60 seconds of leeway, and checks what is there alone."""
LET_IN_BY_ONE = LET_IN | {"sub-empty", "sub-missing", "sub-null", "sub-number"}
"""The same for its validator of one issuer."""
IN_ANY = ("expired", "issuer-wrong", "signature-bad", "kid-unknown", "alg-none")
FORGED = {
    "cognito": (*IN_ANY, "token-use-id"),
    "google": ("id-expired", "id-issuer-wrong", "id-signature-bad", "kid-unknown", "id-alg-none", "id-audience-wrong"),
}
ENTRA_TENANT = "7a1c9e52-3f4b-4d6e-8a90-b1c2d3e4f506"
OF_VENDORS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "auth0": (
        {"audience": "https://api.example.test", "scope": "read:notes"},
        {"user": "auth0|alice", "client": "web", "scopes": ["read:notes"], "tenant": "org_acme", "groups": []},
    ),
    "okta": (
        {"audience": "api://default", "scope": "groups"},
        {"user": "00ualice000000000000", "client": None, "scopes": ["groups"], "groups": ["Everyone", "Admins"]},
    ),
    "entra": (
        {"scope": "Tasks.Read"},
        {"scopes": ["Tasks.Read"], "tenant": ENTRA_TENANT, "groups": ["Tasks.Admin"]},
    ),
    "cognito": ({"scope": "notes/read"}, {"client": "web", "scopes": ["notes/read"]}),
    "google": ({"token_type": "id"}, {"user": "110169484474386276334", "scopes": [], "groups": []}),
}
"""By profile: what is asked for, and what the crate reads by its own mapping of this vendor's claims."""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pmcp() -> Iterator[Program]:
    with conversing([built(PMCP, "Rust")]) as program:
        yield program


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP(SEED) as running:
        yield running


def endpoint(idp: DevIdP, name: str) -> str:
    found: str = requests.get(idp.discovery_url, timeout=60).json()[f"{name}_endpoint"]
    return found


def test_a_provider_is_discovered_and_its_tokens_are_read(idp: DevIdP, pmcp: Program) -> None:
    token = idp.token(audience=API, scope="mcp:read")
    answer = pmcp.ask(do="provider", issuer=idp.issuer, client_id=API, tokens=[token])
    who = {"user": "alice", "client": "web", "scopes": ["mcp:read"], "tenant": "acme", "groups": ["admins"]}
    assert answer == {"verdicts": [who], "issuer": idp.issuer, "keys": 1}


@pytest.mark.parametrize(("command", "expected"), [("provider", LET_IN), ("validate-single", LET_IN_BY_ONE)])
def test_the_catalogue_is_refused_but_for_what_the_crate_does_not_see(
    idp: DevIdP, pmcp: Program, command: str, expected: frozenset[str]
) -> None:
    tokens = [idp.token(audience=API, scope="mcp:read", fault=fault) for fault in SEEN_IN_TOKENS]
    answer: Any = pmcp.ask(do=command, issuer=idp.issuer, client_id=API, audience=API, tokens=tokens)
    verdicts = answer["verdicts"] if command == "provider" else answer
    let_in = {name for name, verdict in zip(SEEN_IN_TOKENS, verdicts, strict=True) if "error" not in verdict}
    assert let_in == expected


def test_it_registers_a_client_exchanges_its_code_and_refreshes(idp: DevIdP, pmcp: Program) -> None:
    metadata = {
        "redirect_uris": [CALLBACK],
        "client_name": "pmcp",
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
    }
    registered = pmcp.ask(do="register", issuer=idp.issuer, client_id="", metadata=metadata)
    verifier = "v" * 64
    with OAuth2Session(
        registered["client_id"], redirect_uri=CALLBACK, scope="openid", code_challenge_method="S256"
    ) as session:
        url, _ = session.create_authorization_url(endpoint(idp, "authorization"), code_verifier=verifier)
    code = parse_qs(urlsplit(idp.authorize(url)).query)["code"][0]
    client = {"client_id": registered["client_id"], "token_endpoint": endpoint(idp, "token")}
    asked = {**client, "redirect_uri": CALLBACK, "code": code}
    assert "invalid_grant" in pmcp.ask(do="exchange", **asked, code_verifier="w" * 64)["error"]
    tokens = pmcp.ask(do="exchange", **asked, code_verifier=verifier)
    renewed = pmcp.ask(do="refresh", **client, refresh_token=tokens["refresh_token"])
    assert renewed["access_token"] != tokens["access_token"]
    assert "invalid_grant" in pmcp.ask(do="refresh", **client, refresh_token=tokens["refresh_token"])["error"]


def test_it_asks_userinfo_and_revokes(idp: DevIdP, pmcp: Program) -> None:
    token = idp.token(scope="openid")
    asked = {"do": "provider", "issuer": idp.issuer, "client_id": "web", "tokens": []}
    assert pmcp.ask(**asked, userinfo=token)["userinfo"] == {"sub": "alice"}
    pmcp.ask(**asked, revoke=token)
    assert "invalid_token" in pmcp.ask(**asked, userinfo=token)["error"]


@pytest.mark.parametrize("vendor", OF_VENDORS)
def test_the_tokens_of_a_profile_are_those_of_its_vendor(pmcp: Program, vendor: str) -> None:
    asked, expected = OF_VENDORS[vendor]
    with DevIdP(profile=vendor) as idp:
        sound = idp.mint(**asked)
        faults = FORGED.get(vendor, (*IN_ANY, "audience-wrong"))
        forged = [idp.token(**asked, fault=fault) for fault in faults]
        jwks_uri = requests.get(idp.discovery_url, timeout=60).json()["jwks_uri"]
        command = {"do": "validate", "vendor": vendor, "issuer": idp.issuer, "jwks_uri": jwks_uri}
        answer: Any = pmcp.ask(**command, audience=sound.claims.get("aud", "web"), tokens=[sound.token, *forged])
    found, *others = answer
    assert {name: found[name] for name in expected} == expected
    assert all("error" in verdict for verdict in others)

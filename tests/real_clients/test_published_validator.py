"""The validator that a guide to MCP servers publishes, called with tokens of an issuer that ends in a slash."""

from __future__ import annotations

from typing import Any

import pytest

from devidp import DevIdP
from devidp.faults import FAULTS
from tests.real_clients.published import published

RESOURCE = "http://localhost:8000/mcp"
SHAPES = [{"url": "/"}, {"path": "/tenants/acme/"}]
SEED: dict[str, Any] = {
    "users": {"alice": None, "bob": None},
    "scopes": {"openid": None, "mcp:read": None, "mcp:write": None, "mcp:admin": None},
    "resources": {RESOURCE: None},
    "clients": {"web": {"secret": "web-secret", "redirect_uris": ["http://localhost/cb"]}},
}
ABOUT_USERS = ("authentication", "tenant")
"""Groups of faults in what the validator hands on, and the server behind it has to look at."""
SEEN_IN_TOKENS = [
    fault.name
    for fault in FAULTS.values()
    if fault.applies_to[0] == "access" and fault.evidence == "token" and fault.group not in ABOUT_USERS
]
LET_IN = {
    "audience-array-with-others", "base64-padded", "claims-duplicate", "client-id-missing", "client-id-number",
    "exp-milliseconds", "exp-missing", "exp-string", "iat-missing", "iat-string", "jti-missing", "kid-duplicate",
    "lifetime-30-days", "nbf-string", "oversized", "sub-empty", "sub-missing", "token-use-id", "typ-logout-token",
    "typ-missing", "typ-wrong",
}  # fmt: skip
"""Faults that it does not see: it reads no typ, requires no claim but aud and iss, and takes any key of the kid."""


def accepts(module: dict[str, Any], token: str) -> bool:
    """Whether a request for the tool recall is served; an exception is a server error, and no answer either."""
    try:
        claims = module["validate_token"](f"Bearer {token}")
        return claims is not None and module["check_scope"](claims, "recall")
    except Exception:  # noqa: BLE001 - whatever goes wrong in it, the tool is not called
        return False


@pytest.mark.parametrize("shape", SHAPES, ids=["the root", "a path"])
def test_it_takes_a_good_token_and_hands_on_who_it_is(shape: dict[str, Any]) -> None:
    with DevIdP({**SEED, "issuers": {"default": shape}}) as idp:
        assert idp.issuer.endswith("/")
        module = published(idp.issuer, RESOURCE)
        token = idp.login(scope="openid mcp:read", resource=RESOURCE)["access_token"]
        claims = module["validate_token"](f"Bearer {token}")
        assert (claims["sub"], claims["iss"], claims["aud"]) == ("alice", idp.issuer, RESOURCE)
        assert module["check_scope"](claims, "search")
        assert not module["check_scope"](claims, "store")


def test_it_refuses_the_faults_that_it_can_see_and_lets_in_the_others() -> None:
    with DevIdP({**SEED, "issuers": {"default": SHAPES[0]}}) as idp:
        module = published(idp.issuer, RESOURCE)
        assert accepts(module, idp.token(audience=RESOURCE, scope="mcp:read"))
        tokens = {name: idp.token(audience=RESOURCE, scope="mcp:read", fault=name) for name in SEEN_IN_TOKENS}
        let_in = {name for name, token in tokens.items() if accepts(module, token)}
    assert let_in == LET_IN

"""Every profile serves the clients of a seed, and not only those of its documentation."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from devidp import DevIdP
from devidp.seed import profile as profiles
from tests.flow import payload

API = "https://notes.example/api"
GRANTS = ["authorization_code", "refresh_token", "device_code"]
NEW = {"iat", "nbf", "exp", "jti", "uti"}
"""Claims that differ from token to token."""
ASKED: dict[str, dict[str, str]] = {
    "plain": {"scope": "openid email"},
    "public": {"scope": "openid notes:read notes:write"},
    "own": {"scope": "openid notes:read notes:write", "audience": API},
}
"""By client: what it asks for."""


def seed(profile: str) -> dict[str, Any]:
    client = {"redirect_uris": ["http://localhost/cb"]}
    own = [*GRANTS, "client_credentials"]
    return {
        "issuers": {"mine": {"profile": profile}},
        "users": {"alice": {"claims": {"email": "alice@example.test"}}},
        "scopes": {"notes:read": "Read", "notes:write": "Write"},
        "resources": {API: {"scopes": ["notes:read", "notes:write"]}},
        "clients": {
            "own": {**client, "secret": "own-secret", "grants": own},
            "plain": {**client, "secret": "own-secret"},
            "public": {**client, "public": True, "grants": GRANTS},
        },
    }


class Caller:
    """One client at one issuer."""

    def __init__(self, metadata: dict[str, Any], client: str) -> None:
        self._metadata = metadata
        self._public = {"client_id": client} if client == "public" else {}
        self._auth = None if self._public else httpx.BasicAuth(client, "own-secret")

    def post(self, endpoint: str, **form: str) -> httpx.Response:
        url = self._metadata[f"{endpoint}_endpoint"]
        return httpx.post(url, data={**self._public, **form}, auth=self._auth)

    def offers(self, endpoint: str) -> bool:
        return f"{endpoint}_endpoint" in self._metadata

    def userinfo(self, access_token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        answer = httpx.get(self._metadata["userinfo_endpoint"], headers=headers)
        return {"status": answer.status_code, **answer.json()}


@pytest.mark.parametrize("profile", profiles.names())
def test_a_client_of_the_seed_gets_and_refreshes_its_tokens(profile: str) -> None:
    with DevIdP(seed(profile)) as idp:
        metadata = httpx.get(idp.discovery_url).json()
        for client, asked in ASKED.items():
            wanted = asked | _offline(profile, metadata, asked["scope"])
            _log_in_and_refresh(idp, Caller(metadata, client), client, wanted)
        if "client_credentials" in metadata["grant_types_supported"]:
            assert Caller(metadata, "own").post("token", grant_type="client_credentials").json()["access_token"]
        if "device_authorization_endpoint" in metadata:
            assert Caller(metadata, "public").post("device_authorization").json()["device_code"]


def _offline(profile: str, metadata: dict[str, Any], scope: str) -> dict[str, str]:
    """How the vendor is asked for a refresh token."""
    if profile == "google":
        return {"access_type": "offline"}
    return {"scope": f"{scope} offline_access"} if "offline_access" in metadata["scopes_supported"] else {}


def _log_in_and_refresh(idp: DevIdP, caller: Caller, client: str, asked: dict[str, Any]) -> None:
    tokens = idp.login(client=client, user="alice", **asked)
    said = caller.userinfo(tokens["access_token"])
    assert (said["status"], said["sub"]) == (200, payload(tokens["id_token"])["sub"])
    refresh_token = tokens["refresh_token"]
    for _ in range(2):
        idp.clock.advance(60)
        answer = caller.post("token", grant_type="refresh_token", refresh_token=refresh_token)
        assert answer.status_code == 200, answer.text
        fresh = answer.json()
        assert fresh["scope"] == tokens["scope"]
        assert _lasting(fresh["access_token"]) == _lasting(tokens["access_token"])
        assert caller.userinfo(fresh["access_token"]) == said
        refresh_token = fresh.get("refresh_token", refresh_token)
    if caller.offers("introspection") and client != "public":
        assert caller.post("introspection", token=fresh["access_token"]).json()["active"] is True
    if caller.offers("revocation"):
        assert caller.post("revocation", token=refresh_token).status_code == 200
        again = caller.post("token", grant_type="refresh_token", refresh_token=refresh_token)
        assert again.json()["error"] == "invalid_grant"


def _lasting(access_token: str) -> dict[str, Any]:
    """The claims that stay the same; none of an opaque token."""
    claims = payload(access_token) if access_token.count(".") == 2 else {}
    return {name: value for name, value in claims.items() if name not in NEW}

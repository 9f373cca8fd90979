"""Tokens as they are on the wire, beside the files in tests/keys/golden: frozen clock, the key and random values named.

A difference is a change that clients can see. Where one is wanted, the file changes with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from devidp.system.clock import Clock
from tests.flow import MCP, Flow, header, payload
from tests.shipped import Start

GOLDEN = Path(__file__).parent / "golden"
AT = 2_000_000_000
KEY = RSAKey.generate_key(2048, auto_kid=False)
RANDOM = {"jti": "random", "sid": "random", "at_hash": "follows from the access token"}


@pytest.fixture
def flow(start: Start, clock: Clock) -> Flow:
    clock.freeze()
    clock.set(AT)
    key = KEY.as_pem(private=True).decode()
    return start({"signing_algorithm": "RS256", "signing_key": key, "claims_in_id_token": False})


def by_code(flow: Flow) -> str:
    token: str = flow.tokens(scope="openid profile mcp:read")["access_token"]
    return token


def for_two_resources(flow: Flow) -> str:
    token: str = flow.tokens("bob", scope="mcp:read", resource=[MCP, "http://localhost:9000/"])["access_token"]
    return token


def by_client_credentials(flow: Flow) -> str:
    token: str = flow.token("service", grant_type="client_credentials").get_json()["access_token"]
    return token


def id_token(flow: Flow) -> str:
    token: str = flow.tokens(scope="openid profile mcp:read", nonce="n-0S6_WzA2Mj")["id_token"]
    return token


def refreshed_id_token(flow: Flow) -> str:
    tokens = flow.tokens(scope="openid", nonce="n-0S6_WzA2Mj")
    flow.runtime.clock.advance(100)
    token: str = flow.refresh(tokens["refresh_token"]).get_json()["id_token"]
    return token


MINTS = (by_code, for_two_resources, by_client_credentials, id_token, refreshed_id_token)


@pytest.mark.parametrize("mint", MINTS)
def test_a_token_is_as_its_golden_file_says(flow: Flow, mint: Callable[[Flow], str]) -> None:
    token = mint(flow)
    claims: dict[str, Any] = payload(token)
    named = {"kid": "thumbprint of the key"} if header(token)["kid"] == KEY.thumbprint() else {}
    found = {
        "header": header(token) | named,
        "claims": claims | {name: RANDOM[name] for name in RANDOM if name in claims},
    }
    assert found == json.loads((GOLDEN / f"{mint.__name__}.json").read_text())


def test_every_golden_file_is_compared() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == {mint.__name__ for mint in MINTS}

"""panva's openid-client, the library that most of Node uses: every feature that both sides have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.real_clients.browser import Browser
from tests.real_clients.program import Program, conversing, node_program

pytestmark = pytest.mark.slow


@pytest.fixture
def program() -> Iterator[Program]:
    browser = Browser(stop="http://localhost:5555/")
    with conversing(node_program("node-openid"), browser.authorize) as started:
        yield started
    browser.close()


def run(program: Program, issuer: str, name: str) -> dict[str, Any]:
    answer = program.ask(run=name, issuer=issuer)
    assert "failed" not in answer, answer["failed"]
    return answer


def test_code_userinfo_refresh_introspection_and_revocation(program: Program, issuer: str) -> None:
    answer = run(program, issuer, "code")
    assert answer == {"sub": "alice", "email": "alice@acme.example", "before": True, "after": False}


def test_a_pushed_authorization_request(program: Program, issuer: str) -> None:
    assert run(program, issuer, "pushed")["sub"] == "alice"


def test_a_registered_client_with_keys_of_its_own_and_a_signed_request_object(program: Program, issuer: str) -> None:
    assert run(program, issuer, "signed")["sub"] == "alice"


def test_tokens_bound_to_a_key(program: Program, issuer: str) -> None:
    assert run(program, issuer, "bound") == {"type": "dpop", "again": "dpop", "sub": "alice"}


def test_logout(program: Program, issuer: str) -> None:
    assert run(program, issuer, "logout") == {"address": "http://localhost:5555/", "state": "a state"}


def test_a_device(program: Program, live_url: str) -> None:
    """At the issuer that has the grant."""
    assert run(program, f"{live_url}/enterprise", "device") == {"sub": "alice", "scope": "openid mcp:read"}


def test_client_credentials(program: Program, issuer: str) -> None:
    assert run(program, issuer, "client") == {"scope": "mcp:read"}


def test_a_registered_client_with_pairwise_subjects(program: Program, issuer: str) -> None:
    assert run(program, issuer, "pairwise")["sub"] != "alice"

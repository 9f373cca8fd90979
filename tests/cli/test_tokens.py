"""`devidp tokens`: a file full of tokens that verify under the keys of the data folder."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.flow import header, payload

pytestmark = pytest.mark.slow
ARGUMENTS = ("tokens", "--output", "tokens.txt", "--data", "data", "--processes", "2")


def test_tokens_are_minted_for_users_in_turn(tmp_path: Path) -> None:
    done = run(tmp_path, *ARGUMENTS, "--count", "501", "--user", "alice", "--user", "bob", "--scope", "mcp:read")
    assert done.returncode == 0, done.stderr
    assert "501 tokens in tokens.txt" in done.stderr
    written = (tmp_path / "tokens.txt").read_text().splitlines()
    claims = [payload(token) for token in written]
    assert len({each["jti"] for each in claims}) == 501
    assert len({each["sub"] for each in claims}) == 2
    assert {each["scope"] for each in claims} == {"mcp:read"}
    assert len({header(token)["kid"] for token in written}) == 1
    assert (tmp_path / "tokens.txt").stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_minted_is_said_once(tmp_path: Path) -> None:
    done = run(tmp_path, *ARGUMENTS, "--count", "10", "--user", "nobody")
    assert done.returncode == 1
    assert done.stderr.count("nobody") == 1
    assert "Traceback" not in done.stderr


def test_users_and_scopes_of_a_template_take_turns(tmp_path: Path) -> None:
    template = [{"user": "alice", "claims": {"plan": "gold"}}, {"user": "bob", "scope": "mcp:read", "lifetime": "5m"}]
    (tmp_path / "template.json").write_text(json.dumps(template))
    done = run(tmp_path, *ARGUMENTS, "--count", "40", "--template", "template.json")
    assert done.returncode == 0, done.stderr
    claims = [payload(token) for token in (tmp_path / "tokens.txt").read_text().splitlines()]
    assert Counter((each["sub"], each.get("plan"), each["exp"] - each["iat"]) for each in claims) == {
        ("alice", "gold", 3600): 20,
        ("bob", None, 300): 20,
    }


def test_users_and_scopes_are_combined(tmp_path: Path) -> None:
    every = ("--user", "alice", "--user", "bob", "--scope", "mcp:read", "--scope", "openid mcp:read")
    assert run(tmp_path, *ARGUMENTS, "--count", "80", *every).returncode == 0
    claims = [payload(token) for token in (tmp_path / "tokens.txt").read_text().splitlines()]
    assert set(Counter((each["sub"], each["scope"]) for each in claims).values()) == {20}


@pytest.mark.parametrize("content", ["{", "[]", "[1]", '[{"usr": "alice"}]', '{"fault": "expired"}'])
def test_a_template_that_cannot_be_used_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / "template.json").write_text(content)
    done = run(tmp_path, *ARGUMENTS, "--count", "2", "--template", "template.json")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "template" in done.stderr or "usr" in done.stderr or "valid access tokens only" in done.stderr

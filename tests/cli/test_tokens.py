"""`devidp tokens`: a file full of tokens that verify under the keys of the data folder."""

from __future__ import annotations

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

"""The line that devidp prints for a first token, and the one in the README, pasted into a shell."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Running
from tests.flow import MCP
from tests.real_clients.recipes import DEVIDP, recipes, run
from tests.real_clients.verifier import verify

pytestmark = pytest.mark.slow


@pytest.fixture
def devidp(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path, "serve", "--memory", "--port", "0")
    yield running
    running.kill()


def shell(line: str) -> str:
    return subprocess.run(line, shell=True, capture_output=True, text=True, check=True, timeout=120).stdout


def test_the_printed_line_yields_a_token_that_verifies(devidp: Running) -> None:
    printed = devidp.banner()
    issuer = printed[0].split(" ready: ")[1].strip()
    line = next(each for each in printed if each.startswith("A token")).removeprefix("A token").strip()
    assert line.startswith("curl ")
    tokens = json.loads(shell(line))
    claims = verify(tokens["access_token"], issuer, MCP)
    assert (claims["sub"], claims["client_id"]) == ("service", "service")
    assert tokens["token_type"] == "Bearer"
    assert devidp.end() == 0


def test_the_first_minute_of_the_readme_ends_with_a_verified_token(live_url: str) -> None:
    title = "The first token in a minute"
    line = recipes("README.md", "sh")[title].replace(DEVIDP, live_url)
    token = json.loads(shell(line))["access_token"]
    assert run(recipes("README.md", "python")[title], live_url, token=token)["claims"]["sub"] == "service"

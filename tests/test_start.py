"""What a start loads: what most runs never use must not be paid for by all of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NEVER_AT_FIRST = {
    "authlib",
    "cryptography",
    "sqlite_utils",
    "filelock",
    "mcp",
    "devidp.faults",
    "devidp.judge",
    "devidp.probe",
    "devidp.report",
    "devidp.tools.demo",
    "devidp.tools.doctor",
}
"""Loaded at their first use, or beside the first requests."""

STAGES = {
    "the import of the package": "import devidp",
    "the import of what a program uses": "from devidp import DevIdP",
    "the command line": "import devidp.cli.serve",
    "the worker of a server": "import devidp.server.worker",
    "a seed of one's own": """
from devidp.seed import loads
loads("users: {alice: {password: alice}}")
""",
    "a first discovery document": """
from devidp.app import create_app
from devidp.models.config import Config
http = create_app(Config("http://localhost:6749")).test_client()
assert http.get("/default/.well-known/openid-configuration").json["issuer"] == "http://localhost:6749/default"
""",
}


@pytest.mark.parametrize("stage", STAGES)
def test_loads_only_what_it_needs(stage: str) -> None:
    script = f"{STAGES[stage]}\nimport json, sys; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert set(json.loads(done.stdout)) & NEVER_AT_FIRST == set()


def test_requests_that_all_come_first_are_all_answered() -> None:
    """Each loads what it needs while others load theirs, and the key is made beside them."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.first_requests"], capture_output=True, text=True, check=True, cwd=ROOT, timeout=99
    )
    answers = json.loads(done.stdout)
    assert answers.pop("/userinfo") == 401
    assert answers.pop("/register") == 201
    assert set(answers.values()) == {200}
    assert len(answers) == 10

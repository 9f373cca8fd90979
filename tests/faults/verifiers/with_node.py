"""jose, the library of Node and of browsers, in one process for all tokens."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path

from tests.faults.verifiers import Server, Verdict

FOLDER = Path(__file__).parents[1] / "node"
VARIANTS = ("usual", "strict")


def version() -> str:
    """The version that ``package-lock.json`` pins."""
    lock = json.loads((FOLDER / "package-lock.json").read_text())
    found: str = lock["packages"]["node_modules/jose"]["version"]
    return found


def verdicts(tokens: list[str], server: Server) -> dict[str, list[Verdict]]:
    """The verdicts of each variant, in the order of ``tokens``."""
    node = shutil.which("node")
    assert node, "Node is not installed, and the table of verifiers needs it"
    assert (FOLDER / "node_modules").is_dir(), "jose is not installed: run `make test-setup`"
    asked = json.dumps({"server": asdict(server), "tokens": tokens})
    done = subprocess.run([node, "verify.mjs"], cwd=FOLDER, input=asked, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    answer: dict[str, list[Verdict]] = json.loads(done.stdout)
    return answer

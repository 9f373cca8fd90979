"""Output where the terminal or the pipe knows few letters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Start
from tests.cli.running import fetch, run

pytestmark = pytest.mark.slow
NAME = "Zoë Łukasz 🐧"
SEED = """
issuers: {own: {}}
users: {"Zoë Łukasz 🐧": {password: hush-hush}}
clients: {robot: {secret: quiet-please, name: Röbot, grants: [client_credentials]}}
"""


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "utf-8"])
def test_names_that_stdout_cannot_encode_are_escaped(start: Start, tmp_path: Path, encoding: str) -> None:
    (tmp_path / "seed.yaml").write_text(SEED, encoding="utf-8")
    running = start("--memory", "--seed", "seed.yaml", PYTHONIOENCODING=encoding)
    url = running.issuer().removesuffix("/own")
    assert fetch(url, "/health")[0] == 200
    listed = run(tmp_path, "users", "--url", url, PYTHONIOENCODING=encoding)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert running.end() == 0
    logged = running.errors()  # a warning of the subject
    assert "Traceback" not in logged
    # the bytes are read as UTF-8, which the one letter that cp437 and cp1252 have is not
    shown = {"utf-8": NAME, "ascii": r"Zo\u00eb \u0141ukasz \ud83d\udc27"}
    assert shown.get(encoding, "Zo\ufffd \\u0141ukasz \\ud83d\\udc27") in logged


def test_json_stays_json(start: Start, tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(SEED, encoding="utf-8")
    url = start("--memory", "--seed", "seed.yaml").issuer().removesuffix("/own")
    asked = ("token", "--client", "robot", "--claim", "note=Łukasz 🐧", "--json", "--url", url)
    printed = run(tmp_path, *asked, PYTHONIOENCODING="cp1252:strict")
    assert printed.returncode == 0, printed.stderr
    assert json.loads(printed.stdout)["claims"]["note"] == "Łukasz 🐧"

"""``devidp import``: where the seed goes, and where the list of what it lacks goes."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.running import run

FILES = Path(__file__).parents[1] / "seed" / "imports" / "files"


def test_the_seed_is_written_and_checked_and_what_is_lost_is_listed(tmp_path: Path) -> None:
    ended = run(tmp_path, "import", str(FILES / "keycloak.json"), "--output", "seed.yaml")
    assert (ended.returncode, ended.stdout) == (0, "")
    assert "not carried over: users.bob.credentials: it is a hash" in ended.stderr
    assert "Wrote seed.yaml" in ended.stderr
    checked = run(tmp_path, "check", "seed.yaml")
    assert checked.returncode == 0
    assert "seed.yaml: ok, 1 issuer, 2 users, 3 clients" in checked.stdout


def test_without_a_file_the_seed_goes_to_stdout(tmp_path: Path) -> None:
    ended = run(tmp_path, "import", str(FILES / "nanoidp"))
    (tmp_path / "seed.yaml").write_text(ended.stdout, encoding="utf-8")
    assert run(tmp_path, "check", "seed.yaml").returncode == 0


def test_a_file_that_is_there_is_overwritten_by_force_only(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text("mine")
    arguments = ("import", str(FILES / "mock-oauth2-server.json"), "-o", "seed.yaml")
    refused = run(tmp_path, *arguments)
    assert (refused.returncode, "is there already" in refused.stderr) == (1, True)
    assert (tmp_path / "seed.yaml").read_text() == "mine"
    assert run(tmp_path, *arguments, "--force").returncode == 0


def test_the_list_can_be_json(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, "import", "--json", str(FILES / "nanoidp")).stdout)
    assert found["tool"] == "nanoidp"
    assert {"name": "saml", "reason": "devidp has no SAML"} in found["lost"]
    assert found["seed"].startswith("# nanoidp, imported by devidp.")


def test_the_tool_can_be_named_and_an_unknown_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text("server: {port: 1}")
    refused = run(tmp_path, "import", "odd.yaml")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "(--from nanoidp)" in refused.stderr
    assert run(tmp_path, "import", "--from", "nanoidp", "odd.yaml").returncode == 0

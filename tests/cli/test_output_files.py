"""Files that a command writes: what can be refused is refused before one of them is touched."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from devidp import DevIdP
from devidp.cli.main import main
from tests.cli.conftest import Start
from tests.cli.running import Running, run

MINE = "what was there"
NOBODY = "http://127.0.0.1:1"
PROBE = ("probe", NOBODY)
TOKENS = ("tokens", "--count", "1", "--data", "data", "--processes", "1")
SERVE = ("serve", "--port", "0", "--memory")
REPORTS = ("--junit", "--sarif", "--html", "--markdown", "--save-baseline")
WRITERS = [
    ("init",),
    ("import", "settings.json", "--output"),
    ("profile", "record", NOBODY, "--output"),
    (*TOKENS, "--output"),
    ("serve", "--port", "0", "--data", "data", "--events"),
    *((*PROBE, flag) for flag in REPORTS),
    *(("judge", flag) for flag in REPORTS),
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def devidp(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("writer", WRITERS, ids=" ".join)
def test_a_place_where_nothing_can_be_written_is_told_first(here: Path, writer: tuple[str, ...]) -> None:
    os.mkfifo(here / "pipe")
    (here / "folder").mkdir()
    for name, words in (("gone/file", "there is no folder gone"), ("folder", "directory"), ("pipe", "this is a pipe")):
        refused = devidp(*writer, name)
        assert refused.exit_code == 2
        assert f"{name} cannot be written: " in refused.stderr
        assert words in refused.stderr
    assert sorted(path.name for path in here.iterdir()) == ["folder", "pipe"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "gone.json", "--output", "mine", "--force"),
        ("profile", "record", NOBODY, "--output", "mine", "--force"),
        (*TOKENS, "--output", "mine"),
        (*TOKENS, "--output", "mine", "--template", "gone.json"),
        (*TOKENS, "--output", "mine", "--seed", "gone.yaml"),
        (*PROBE, "--html", "mine", "--fail-on", "worst"),
        ("judge", "--html", "mine", "--baseline", "gone.json", "--", "true"),
        (*PROBE, "--html", "mine", "--save-baseline", "mine"),
        (*PROBE, "--save-baseline", "mine"),
    ],
    ids=" ".join,
)
def test_a_refusal_leaves_the_file_as_it_was(here: Path, arguments: tuple[str, ...]) -> None:
    (here / "mine").write_text(MINE)
    (here / "data").mkdir()
    (here / "data").chmod(0o755)
    refused = devidp(*arguments)
    assert refused.exit_code in (1, 2), refused.output
    assert (here / "mine").read_text() == MINE
    assert sorted(path.name for path in here.iterdir()) == ["data", "mine"]


@pytest.mark.parametrize("writer", WRITERS[:3], ids=" ".join)
def test_a_file_that_is_there_is_told_before_anything_is_read_or_asked(here: Path, writer: tuple[str, ...]) -> None:
    (here / "mine").write_text(MINE)
    refused = devidp(*writer, "mine")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: mine is there already.")


def test_tokens_that_nobody_can_have_make_no_data_folder(here: Path) -> None:
    (here / "template.json").write_text('[{"usr": "alice"}]')
    assert devidp(*TOKENS, "--output", "mine", "--template", "template.json").exit_code == 1
    assert [path.name for path in here.iterdir()] == ["template.json"]


def test_a_report_replaces_an_older_one(here: Path) -> None:
    (here / "mine").write_text(MINE)
    with DevIdP() as idp:
        devidp("probe", f"{idp.issuer}/userinfo", "--url", idp.url, "--only", "no-token", "--markdown", "mine")
    assert "userinfo" in (here / "mine").read_text()


@pytest.mark.slow
def test_tokens_replace_an_older_file_that_others_could_read_and_go_to_stdout_for_a_dash(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text(MINE)
    (tmp_path / "mine").chmod(0o644)
    assert run(tmp_path, *TOKENS, "--output", "mine").returncode == 0
    assert (tmp_path / "mine").read_text().count(".") == 2
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o600
    printed = run(tmp_path, *TOKENS, "--output", "-")
    assert (printed.returncode, printed.stdout.count("."), printed.stdout[-1]) == (0, 2, "\n")
    assert not (tmp_path / "-").exists()


@pytest.mark.slow
def test_tokens_that_are_ended_leave_the_older_file(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text(MINE)
    minting = Running(tmp_path, "tokens", "--count", "9999999", "--data", "data", "--output", "mine")
    try:
        minting.error("Minting")
        assert minting.end() == 128 + signal.SIGTERM
    finally:
        minting.kill()
    assert (tmp_path / "mine").read_text() == MINE
    assert not list(tmp_path.glob(".devidp-*"))


def test_the_seed_and_what_is_said_of_it_do_not_both_go_to_stdout(here: Path) -> None:
    (here / "export.json").write_text('{"realm": "x", "users": []}')
    told = devidp("import", "export.json", "--json", "--output", "-")
    assert json.loads(told.stdout)["seed"].startswith("# ")


@pytest.mark.slow
def test_a_ready_file_takes_the_place_of_none_but_a_ready_file(start: Start, tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(MINE)
    refused = run(tmp_path, *SERVE, "--ready-file", "seed.yaml")
    assert refused.returncode == 1
    assert "--ready-file seed.yaml: there is another file of yours" in refused.stderr
    assert (tmp_path / "seed.yaml").read_text() == MINE
    (tmp_path / "ready.json").touch()
    start("--memory", "--ready-file", "ready.json").issuer()
    assert json.loads((tmp_path / "ready.json").read_text())["url"]


@pytest.mark.slow
def test_who_is_refused_the_port_leaves_the_ready_file_of_who_has_it(start: Start, tmp_path: Path) -> None:
    start("--memory", "--ready-file", "ready.json").issuer()
    report = json.loads((tmp_path / "ready.json").read_text())
    port = report["url"].rsplit(":", 1)[1]
    refused = run(tmp_path, "serve", "--memory", "--port", port, "--ready-file", "ready.json")
    assert refused.returncode == 1
    assert f"port {port} on 127.0.0.1 is taken by another devidp" in refused.stderr
    assert json.loads((tmp_path / "ready.json").read_text()) == report


@pytest.mark.slow
def test_a_certificate_that_cannot_be_read_makes_no_data_folder(tmp_path: Path) -> None:
    refused = run(tmp_path, "serve", "--port", "0", "--data", "data", "--tls-cert", "gone.pem", "--tls-key", "gone.pem")
    assert refused.returncode == 1
    assert "--tls-cert gone.pem cannot be read" in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_start_that_is_refused_makes_no_file_of_events(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    assert run(tmp_path, "serve", "--port", "0", "--data", "data", "--events", "events").returncode == 1
    assert not (tmp_path / "events").exists()

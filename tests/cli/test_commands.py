"""The commands beside ``serve``, and help."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from devidp import __version__
from devidp.cli.registry import COMMANDS
from devidp.seed import shipped_path
from tests.cli.conftest import Start
from tests.cli.running import DEADLINE, environment, run


def test_version_is_one_line(tmp_path: Path) -> None:
    assert run(tmp_path, "--version").stdout == f"devidp {__version__}\n"


def test_help_names_every_command_and_shows_examples(tmp_path: Path) -> None:
    text = run(tmp_path, "--help").stdout
    assert "Examples:" in text
    for name, summary in COMMANDS.items():
        assert f"{name} " in text
        assert summary in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(tmp_path: Path, name: str) -> None:
    ended = run(tmp_path, name, "--help")
    assert ended.returncode == 0
    assert f"devidp {name}" in ended.stdout
    assert "Example" in ended.stdout


def test_check_accepts_the_shipped_seed_as_init_writes_it(tmp_path: Path) -> None:
    assert run(tmp_path, "init").returncode == 0
    ended = run(tmp_path, "check", "seed.yaml")
    assert (ended.returncode, ended.stdout) == (0, "seed.yaml: ok, 2 issuers, 3 users, 4 clients\n")


def test_check_prints_every_mistake_and_exits_with_2(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text("issuers: {a: {}}\nuser: {}\nclients:\n  web: {secrt: x}\n")
    ended = run(tmp_path, "check", "seed.yaml")
    assert ended.returncode == 2
    assert [line.split(" ")[0] for line in ended.stderr.splitlines()][:2] == ["seed.yaml:2:", "seed.yaml:4:"]


def test_check_reads_several_files_as_one_seed(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("users: {alice: {password: alice}}")
    (tmp_path / "b.yaml").write_text("users:\n  alice: {mfa: topt}")
    ended = run(tmp_path, "check", "a.yaml", "b.yaml")
    assert ended.returncode == 2
    assert ended.stderr.startswith("b.yaml:2: users.alice.mfa: got 'topt'")
    (tmp_path / "b.yaml").write_text("users: {alice: {mfa: totp}}")
    assert run(tmp_path, "check", "a.yaml", "b.yaml").stdout == "a.yaml b.yaml: ok, 1 issuer, 1 user, 0 clients\n"


def test_check_refuses_a_key_that_could_not_sign(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text('issuers: {a: {signing_key: \'{"kty": "EC", "d": "AA"}\'}}\nusers: {u: {}}\n')
    ended = run(tmp_path, "check", "seed.yaml")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "seed.yaml: issuers.a.signing_key: it is neither a PEM nor a JWK private key" in ended.stderr


def test_check_says_of_a_file_that_is_not_there_what_it_expected(tmp_path: Path) -> None:
    ended = run(tmp_path, "check", "absent.yaml")
    assert ended.returncode == 2
    assert "absent.yaml" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_schema_is_a_json_schema(tmp_path: Path) -> None:
    schema = json.loads(run(tmp_path, "schema").stdout)
    assert {"issuers", "users", "clients"} <= set(schema["properties"])


def test_init_overwrites_nothing_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text("mine")
    refused = run(tmp_path, "init")
    assert refused.returncode == 1
    assert "seed.yaml is there already" in refused.stderr
    assert (tmp_path / "seed.yaml").read_text() == "mine"
    assert run(tmp_path, "init", "--force").returncode == 0
    assert "#" in (tmp_path / "seed.yaml").read_text()


def test_init_writes_to_stdout_for_a_dash(tmp_path: Path) -> None:
    ended = run(tmp_path, "init", "-")
    assert (ended.stdout, ended.stderr) == (shipped_path().read_text(encoding="utf-8"), "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_health_is_well_with_a_devidp_and_not_without(start: Start, tmp_path: Path) -> None:
    running = start("--memory")
    url = running.issuer().removesuffix("/default")
    well = run(tmp_path, "health", "--url", url)
    assert (well.returncode, well.stdout) == (0, f"healthy: {url} {__version__}\n")
    assert run(tmp_path, "health", "--ready", DEVIDP_URL=url).returncode == 0
    running.end()
    gone = run(tmp_path, "health", "--url", url)
    assert (gone.returncode, gone.stderr) == (1, f"unhealthy: no answer from {url}: nothing listens there\n")


def test_health_is_not_deceived_by_another_server(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        url = f"http://127.0.0.1:{other.getsockname()[1]}"
        asking = subprocess.Popen(
            [sys.executable, "-m", "devidp", "health", "--url", url],
            env=environment(tmp_path),
            stderr=subprocess.PIPE,
            text=True,
        )
        connection, _ = other.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            _, errors = asking.communicate(timeout=DEADLINE)
    assert asking.returncode == 1
    assert "not as devidp does" in errors


@pytest.mark.parametrize("url", ["nonsense", "http://", "http://[", "http://127.0.0.1:99999"])
def test_health_of_an_invalid_url_is_a_message(tmp_path: Path, url: str) -> None:
    ended = run(tmp_path, "health", "--url", url)
    assert ended.returncode == 1
    assert ended.stderr.startswith("unhealthy: ")


def test_health_imports_neither_flask_nor_the_server(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from devidp.cli.main import main\n"
        "main(['health', '--url', 'http://127.0.0.1:1'], standalone_mode=True)\n"
    )
    watched = f"import atexit, sys; atexit.register(lambda: print(*sys.modules))\n{program}"
    modules = subprocess.run(
        [sys.executable, "-c", watched], env=environment(tmp_path), capture_output=True, text=True, timeout=DEADLINE
    ).stdout.split()
    assert "click" in modules
    assert not {"flask", "httptools", "asyncio", "pydantic", "yaml"} & set(modules)

"""devidp as other systems would have it: each starts, and serves a login."""

from __future__ import annotations

import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import anyio
import httpx
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

import devidp
from devidp.seed import SeedError, shipped_path
from devidp.server.local.arguments import read_seed
from tests.cli.conftest import Start, start
from tests.cli.running import DEADLINE, SCRIPT, environment
from tests.flow import CHALLENGE, REDIRECT_URI, VERIFIER
from tests.packaging.dockerfile import ROOT
from tests.packaging.test_action import free_port

__all__ = ["start"]
SITE = f"{Path(__file__).parent / 'site'}{os.pathsep}{ROOT}"
SYSTEMS = ("win32", "darwin")
EVERY = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in Path(devidp.__file__).parent.rglob("*.py")
    if path.name not in ("__init__.py", "__main__.py")
)
IMPORTS = """
import sys
from importlib import import_module
for name in sys.argv[2:]:
    import_module(name)
from devidp.system import files
assert files.sys.platform == sys.argv[1]
assert hasattr(files.os, "fchmod") == (sys.argv[1] != "win32")
"""
LOGIN = """
from devidp import DevIdP
with DevIdP() as idp:
    assert idp.login("alice", client="web")["token_type"] == "Bearer"
    # the calendar of Windows ends before
    idp.clock.set("5000-01-31T12:00:00Z")
    assert idp.mint(user="alice").claims["sub"] == "alice"
    assert idp.events()
"""
COMMANDS = """
import sys
from click.testing import CliRunner
from devidp.cli.main import main
done = CliRunner().invoke(main, sys.argv[1:])
print(done.exit_code, done.stderr)
"""


def on(system: str) -> dict[str, str]:
    """The variables with which a Python lets its devidp see ``system``."""
    return {"PYTHONPATH": SITE, "SEEN_SYSTEM": system}


def python(system: str, code: str, *arguments: str, **extra: str) -> str:
    """What a Python prints whose devidp sees ``system``."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **on(system), **extra}, capture_output=True, text=True, timeout=DEADLINE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("system", SYSTEMS)
def test_no_module_needs_what_another_system_lacks_to_be_imported(system: str) -> None:
    python(system, IMPORTS, system, *EVERY)


@pytest.mark.slow
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_devidp_in_a_program_serves_a_login_whatever_its_clock_says(system: str) -> None:
    python(system, LOGIN)


@pytest.mark.slow
@pytest.mark.parametrize(("system", "workers"), [("win32", 1), ("darwin", 2)])
def test_devidp_serve_keeps_its_data_and_serves_a_login(
    start: Start, tmp_path: Path, system: str, workers: int
) -> None:
    keys = []
    data, more = tmp_path / "data", tmp_path / "more.yaml"
    more.write_text("users:\n  zoe: {}\n")
    seeds = {"win32": ";", "darwin": ":"}[system].join((str(shipped_path()), str(more)))
    # Windows says of every folder that all may use it: its rights are elsewhere
    data.mkdir(mode=0o777 if system == "win32" else 0o700)
    for host, listens_on in (("localhost", "127.0.0.1"), ("::1", "[::1]")):
        arguments = ("--data", str(data), "--auto-approve", "zoe", "--host", host, "--workers", str(workers))
        running = start("serve", *arguments, DEVIDP_SEED=seeds, PYTHONPATH=SITE, SEEN_SYSTEM=system)
        issuer = running.issuer().replace("localhost", listens_on)
        assert len(running.workers()) >= workers
        found = httpx.get(f"{issuer}/.well-known/jwks.json")
        assert found.status_code == 200
        keys.append(found.json())
        asked = {
            "client_id": "spa",
            "response_type": "code",
            "redirect_uri": REDIRECT_URI,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "scope": "openid",
        }
        answer = httpx.get(f"{issuer}/authorize", params=asked)
        form = {
            "grant_type": "authorization_code",
            "client_id": "spa",
            "code": httpx.URL(answer.headers["Location"]).params["code"],
            "redirect_uri": REDIRECT_URI,
            "code_verifier": VERIFIER,
        }
        token = httpx.post(f"{issuer}/token", data=form)
        assert token.json()["id_token"]
        running.kill()
    assert keys[0] == keys[1]
    assert system == "win32" or stat.S_IMODE((data / "devidp.db").stat().st_mode) == 0o600


@pytest.mark.slow
def test_a_console_of_windows_gets_the_log_in_its_code_page(tmp_path: Path) -> None:
    console, stderr = pty.openpty()
    # only the console is ASCII: Python's stream writes UTF-16 to it, whatever its page
    page = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8"}
    (tmp_path / "seed.yaml").write_text("users: {z\u0142\u2026: {}}", encoding="utf-8")
    with subprocess.Popen(
        [SCRIPT, "serve", "--memory", "--port", "0", "--seed", "seed.yaml"], cwd=tmp_path,
        env=environment(tmp_path, {**on("win32"), **page}), stdout=subprocess.PIPE, stderr=stderr, text=True,
    ) as program:  # fmt: skip
        os.close(stderr)
        assert program.stdout is not None
        assert " ready: " in program.stdout.readline()
        logged = os.read(console, 4096)
        program.terminate()
    os.close(console)
    assert rb'users["z\u0142..."]: the subject is not ASCII' in logged


@pytest.mark.slow
@pytest.mark.parametrize("system", SYSTEMS)
def test_an_assistant_controls_it(system: str, tmp_path: Path) -> None:
    async def main() -> None:
        (tmp_path / "seed.yaml").write_bytes(b"\xef\xbb\xbfusers:\r\n  zo\xc3\xab: {}\r\n")
        command = StdioServerParameters(
            command=sys.executable,
            args=["-m", "devidp", "mcp", "--port", str(free_port()), "--seed", str(tmp_path / "seed.yaml")],
            env={**os.environ, **on(system), "PYTHONIOENCODING": "cp437"},
        )
        async with stdio_client(command) as (reading, writing), ClientSession(reading, writing) as session:
            await session.initialize()
            users = await session.call_tool("list_users", {})
            assert [each["username"] for each in (users.structured_content or {})["users"]] == ["zoë"]

    anyio.run(main)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        (("serve", "--port", "0", "--workers", "2"), 2, "--workers 2: on Windows processes cannot share a socket"),
        (("serve", "--port", "0", "--data-group"), 2, "--data-group: on Windows files have no group"),
        (("tokens", "--count", "1", "--output", "HOME/out", "--data-group"), 1, "on Windows files have no group"),
        (("judge", "--client", "python {url}"), 2, "the browser that a command opens cannot be taken over"),
    ],
)
def test_what_windows_cannot_do_is_refused_by_name(
    arguments: tuple[str, ...], status: int, reason: str, tmp_path: Path
) -> None:
    arguments = tuple(each.replace("HOME", str(tmp_path)) for each in arguments)
    said = python("win32", COMMANDS, *arguments, DEVIDP_DATA=str(tmp_path / "data"), HOME=str(tmp_path))
    assert said.startswith(f"{status} ")
    assert reason in said
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("path", [r"C:\devidp\seed.yaml", "C:/devidp/seed.yaml", r"d:\seed.yaml"])
def test_a_path_with_a_drive_is_no_yaml(path: str) -> None:
    with pytest.raises(SeedError, match="there is no such file"):
        read_seed(path, None)

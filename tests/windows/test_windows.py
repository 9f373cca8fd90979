"""A start without what only POSIX has, with a login at the end of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

import devidp
from devidp.seed import SeedError
from devidp.server.local.arguments import read_seed
from tests.cli.conftest import Start, start
from tests.cli.running import DEADLINE
from tests.flow import CHALLENGE, REDIRECT_URI, VERIFIER
from tests.packaging.dockerfile import ROOT

__all__ = ["start"]
SITE = {"PYTHONPATH": f"{Path(__file__).parent / 'site'}{os.pathsep}{ROOT}"}
EVERY = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in Path(devidp.__file__).parent.rglob("*.py")
    if path.name not in ("__init__.py", "__main__.py")
)
LOGIN = """
from devidp import DevIdP
with DevIdP({seed!r}) as idp:
    assert idp.login("alice", client="web")["token_type"] == "Bearer"
    idp.clock.advance("1h")
    print(idp.mint(user="alice").claims["sub"])
"""
IMPORTS = """
import os, sys
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name)
from devidp.system import files
assert files.sys.platform == "win32" and not hasattr(files.os, "fchmod")
print("imported")
"""


def python(code: str, *arguments: str) -> str:
    """What a Python prints whose devidp sees a Windows."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **SITE}, capture_output=True, text=True, timeout=DEADLINE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_no_module_needs_what_only_posix_has_to_be_imported() -> None:
    assert python(IMPORTS, *EVERY) == "imported"


@pytest.mark.slow
def test_a_devidp_in_a_program_serves_a_login() -> None:
    assert python(LOGIN.format(seed=None)) == "alice"


@pytest.mark.slow
def test_devidp_serve_keeps_its_data_and_serves_a_login(start: Start, tmp_path: Path) -> None:
    keys = []
    for _ in range(2):
        data = str(tmp_path / "data")
        running = start("serve", "--data", data, "--auto-approve", "alice", PYTHONPATH=SITE["PYTHONPATH"])
        issuer = running.issuer()
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [(("--workers", "2"), "processes cannot share a socket"), (("--data-group",), "files have no group")],
)
def test_what_the_system_cannot_do_is_refused_by_name(arguments: tuple[str, ...], reason: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "devidp", "serve", "--port", "0", "--data", str(tmp_path / "data"), *arguments],
        env={**os.environ, **SITE}, capture_output=True, text=True, timeout=DEADLINE,
    )  # fmt: skip
    assert done.returncode == 2
    assert f"{arguments[0]}" in done.stderr
    assert reason in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("path", [r"C:\devidp\seed.yaml", "C:/devidp/seed.yaml", r"d:\seed.yaml"])
def test_a_path_with_a_drive_is_no_yaml(path: str) -> None:
    with pytest.raises(SeedError, match="there is no such file"):
        read_seed(path, None)

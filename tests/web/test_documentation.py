"""docs/wsgi.md: its examples serve devidp, run as they stand on another port; its variables are the real ones."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from devidp.web.environment import PREFIX, SERVER_VARIABLES, config_from
from tests.cli.running import Running, environment
from tests.durability.kill import free_port
from tests.real_clients.program import ROOT

TEXT = (ROOT / "docs" / "wsgi.md").read_text(encoding="utf-8")
PORT = "8080"
ROUTES, RUN, *_ = re.findall(r"(?m)^.*flask --app .*$", TEXT)
(PYTHON,) = re.findall(r"(?ms)^```python\n(.*?)^```$", TEXT)
BIN = Path(sys.executable).parent


def serves(home: Path, *command: str, port: str) -> None:
    """Start the command, and have a token from it."""
    variables = {"DEVIDP_DATA": str(home / "data"), "DEVIDP_PUBLIC_URL": f"http://localhost:{port}"}
    running = Running(home, command=command, PATH=f"{BIN}:{os.environ['PATH']}", **variables)
    try:
        running.error("Running on")
        with httpx.Client(base_url=f"http://localhost:{port}/default") as http:
            metadata = http.get("/.well-known/openid-configuration").json()
            assert metadata["issuer"] == f"http://localhost:{port}/default"
            form = {"grant_type": "client_credentials"}
            answer = http.post(metadata["token_endpoint"], data=form, auth=("service", "service-secret"))
        assert answer.json()["token_type"] == "Bearer"
    finally:
        running.kill()


@pytest.mark.slow
def test_the_routes_are_listed_without_opening_data(tmp_path: Path) -> None:
    path = f"{BIN}:{os.environ['PATH']}"
    variables = environment(tmp_path, {"DEVIDP_DATA": str(tmp_path / "data"), "PATH": path})
    listed = subprocess.run(ROUTES, shell=True, cwd=tmp_path, env=variables, capture_output=True, text=True, check=True)
    assert "/default/token" in listed.stdout
    assert not (tmp_path / "data").exists()


@pytest.mark.slow
def test_flask_serves_it(tmp_path: Path) -> None:
    port = str(free_port())
    line = RUN.replace(PORT, port)
    assert line.count(port) == 2
    serves(tmp_path, "sh", "-c", line.replace(" flask ", " exec flask "), port=port)


@pytest.mark.slow
def test_another_wsgi_server_serves_it(tmp_path: Path) -> None:
    port = str(free_port())
    serves(tmp_path, sys.executable, "-c", PYTHON.replace(PORT, port), port=port)


def test_every_variable_is_documented_and_no_other() -> None:
    with pytest.raises(ValueError, match="there are: ") as caught:
        config_from({f"{PREFIX}NOTHING": "1"})
    known = set(str(caught.value).split("there are: ")[1].split(", ")) | {
        f"{PREFIX}{name}" for name in SERVER_VARIABLES
    }
    assert set(re.findall(r"`(DEVIDP_[A-Z_]+)`", TEXT)) == known

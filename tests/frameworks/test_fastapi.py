"""docs/fastapi.md: a stranger's project, by following the page alone."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.running import Running
from tests.frameworks.project import DEVIDP, Page, ran
from tests.real_clients.browser import Browser

PAGE = Page("fastapi.md")
API = "http://localhost:8000"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notes")
    PAGE.write(folder)
    PAGE.install(folder)
    return folder


@pytest.fixture
def running(project: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The two terminals of the page, on free ports: that of devidp, and the address of the API."""
    devidp = Running(project, command=(".venv/bin/devidp",), DEVIDP_PORT="0", DEVIDP_MEMORY="1")
    issuer = devidp.issuer()
    code = (project / "notes.py").read_text()
    (tmp_path / "notes.py").write_text(code.replace(f"{DEVIDP}/default", issuer))
    shutil.copy(project / "caller.py", tmp_path)
    api = Running(
        tmp_path, command=(str(project / ".venv/bin/uvicorn"), "--factory", "notes:create_app", "--port", "0")
    )
    port = re.search(r"http://127.0.0.1:(\d+)", api.error("Uvicorn running on"))
    assert port is not None
    yield str(httpx.URL(issuer).port), f"http://localhost:{port[1]}"
    api.kill()
    devidp.kill()


def test_nine_tests_pass(project: Path) -> None:
    assert "9 passed" in ran(project, PAGE.command("bin/pytest"))


def test_an_api_that_does_not_look_at_exp_is_found_out(project: Path) -> None:
    strict = (project / "caller.py").read_text()
    lenient = strict.replace("audience=self.audience)", 'audience=self.audience, options={"verify_exp": False})')
    broken = project / "broken"
    PAGE.write(broken)
    (broken / "caller.py").write_text(lenient)
    done = subprocess.run([project / ".venv/bin/pytest", "-q"], cwd=broken, capture_output=True, text=True, timeout=540)
    assert "1 failed, 8 passed" in done.stdout
    assert "test_notes.py::test_a_token_that_is_not_for_this_api_is_refused[expired]" in done.stdout


def test_by_hand_a_token_opens_the_api_and_a_person_logs_in(project: Path, running: tuple[str, str]) -> None:
    devidp_port, api = running
    token, curl = PAGE.command("token="), PAGE.command("curl").replace(API, api)
    assert ran(project, f"{token}\n{curl}", DEVIDP_PORT=devidp_port) == '{"owner":"bob","notes":["buy milk"]}'
    browser = Browser()
    assert browser.authorize(f"{api}/login", "bob") == f"{api}/"
    browser.close()

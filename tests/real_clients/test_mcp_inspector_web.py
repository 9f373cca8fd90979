"""MCP Inspector's web page in a real browser, by the command that ``devidp connect inspector`` prints."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from devidp.connect import Target
from tests.connect.snippets import snippet_of
from tests.real_clients.chromium import Chromium
from tests.real_clients.node import FOLDER, with_packages

pytestmark = pytest.mark.slow


@pytest.fixture
def page(demo: str, tmp_path: Path) -> Iterator[str]:
    """The address of its page, with the demo server in its list."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**with_packages(tmp_path), "CLIENT_PORT": str(port), "MCP_AUTO_OPEN_ENABLED": "false"}
    command = ["sh", "-c", snippet_of("inspector", Target(demo, "devidp"), "sh")]
    with subprocess.Popen(
        command, cwd=FOLDER, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        assert running.stdout is not None
        addresses = (re.search(rf"http://\S+:{port}\?\S+", line) for line in running.stdout)
        yield next(found[0] for found in addresses if found)
        os.killpg(running.pid, signal.SIGTERM)


def test_two_clicks_on_the_pages_of_devidp_bring_it_to_a_tool(page: str, chromium: Chromium) -> None:
    chromium.open(page)
    chromium.see("Disconnected")
    chromium.run("document.querySelector('[role=switch]').click()")
    chromium.press("Alice")
    chromium.press("Allow")
    chromium.see("Authorization complete")
    chromium.run("[...document.querySelectorAll('label')].find((each) => each.innerText === 'Tools').click()")
    chromium.press("status")
    chromium.press("Execute Tool")
    chromium.see("0 entries")

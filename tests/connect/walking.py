"""The walk with curl, as a person takes it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.real_clients.browser import Browser


def walk(printed: str, folder: Path) -> set[str]:
    """The names of the tools that the script ends with; a person logs in where it asks for that."""
    script = folder / "walk.sh"
    script.write_text("#!/bin/sh" + printed.partition("#!/bin/sh")[2].rpartition("\n\n")[0])
    browser = Browser(stop="http://localhost:5555/callback")
    with subprocess.Popen(["sh", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(browser.authorize(running.stdout.readline().strip()) + "\n")
        running.stdin.flush()
        answer = json.loads(running.stdout.read())
    browser.close()
    return {tool["name"] for tool in answer["result"]["tools"]}

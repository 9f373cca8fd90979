"""``devidp demo``, whose two commands a stranger runs first: its server is clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import run
from tests.tools.demo.running import demo_running, mcp_server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_demo_is_clean(tmp_path: Path) -> None:
    with demo_running(tmp_path) as demo:
        devidp = demo.issuer().removesuffix("/default")
        options = "--tool", "status", "--url", devidp, "--fail-on", "advice", "--skip", "rotation", "--skip", "outage"
        ended = run(tmp_path, "probe", mcp_server(demo), *options)
    assert ended.returncode == 0, ended.stdout + ended.stderr

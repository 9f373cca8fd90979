"""``devidp events --follow``: it shows what happens, outlives a restart of devidp, and Ctrl-C is how it ends."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cli.conftest import Start
from tests.cli.running import Running, fetch

SERVICE = "client_id=service&client_secret=service-secret&grant_type"


def ask(issuer: str, grant: str) -> None:
    fetch(issuer, "/token", body=f"{SERVICE}={grant}")


@pytest.mark.parametrize("kept", [("--memory",), ("--data", "data", "--workers", "2")], ids=["memory", "two workers"])
def test_what_is_followed_goes_on_after_a_restart(start: Start, tmp_path: Path, kept: tuple[str, ...]) -> None:
    first = start(*kept)
    issuer = first.issuer()
    port = str(urlsplit(issuer).port)
    following = Running(tmp_path, "events", "--follow", "--json", "--endpoint", "token", "--port", port)
    try:
        while not following.seen():  # a stream begins when it is open
            ask(issuer, "nonsense")
        assert json.loads(following.line())["error"] == "unsupported_grant_type"
        first.end()
        following.error("Waiting for the next, until Ctrl-C")
        second = start(*kept, "--port", port)
        assert second.issuer() == issuer
        ask(issuer, "client_credentials")
        while (event := json.loads(following.line()))["status"] != 200:
            assert event["error"] == "unsupported_grant_type"
        assert following.end(signal.SIGINT) == 0
        assert "Traceback" not in following.errors()
    finally:
        following.kill()


def test_what_does_not_answer_at_first_is_an_error(tmp_path: Path) -> None:
    following = Running(tmp_path, "events", "--follow", "--port", "1")
    assert following.process.wait(60) == 1
    assert "no devidp answers" in following.errors()
    following.kill()


@pytest.mark.parametrize(("variables", "red"), [({}, False), ({"FORCE_COLOR": "1"}, True)])
def test_refusals_in_the_log_are_red_where_colours_are_wanted(start: Start, variables: Any, red: bool) -> None:
    running = start("--memory", **variables)
    issuer = running.issuer()
    ask(issuer, "nonsense")
    assert running.error("REFUSED").startswith("\x1b[31m") is red
    ask(issuer, "client_credentials")
    assert not running.error("200 default/token").startswith("\x1b")

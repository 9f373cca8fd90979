"""``devidp judge`` without a command: a person is told where to point the client, and when to connect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Running
from tests.flow import REDIRECT_URI
from tests.real_clients.browser import Browser
from tests.real_clients.mcp_client import Application


@pytest.fixture
def judging(tmp_path: Path) -> Iterator[Running]:
    started = Running(tmp_path, "judge", "--scenario", "iss-wrong")
    yield started
    started.kill()


def test_a_person_is_told_where_to_point_the_client_and_when_to_connect(judging: Running) -> None:
    place = re.search(r"Point your client at (\S+) and let it log in", judging.error("Point your client"))
    assert place
    application = Application(place[1], Browser(stop=REDIRECT_URI).authorize)
    assert application.call("whoami") == "hello"
    assert judging.error("let it connect again").startswith("1/1 iss-wrong: ")
    with pytest.raises(ExceptionGroup):
        application.call("whoami")
    assert judging.process.wait(60) == 0
    assert "1 passed" in "".join(iter(judging.line, ""))

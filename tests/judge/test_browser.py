"""The browser of a client that is a function: it is handed over, found by ``webbrowser``, and by other programs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from devidp import DevIdP
from devidp.judge.browser import ClientBrowser
from devidp.judge.webbrowser_hook import HOOK
from tests.judge.conftest import mcp_client
from tests.judge.programs.tool_caller import call
from tests.judge.verdicts import table
from tests.real_clients.mcp_client import Application
from tests.real_clients.program import ROOT

CHOSEN = ["iss-wrong", "field-extra"]
SOUND = {"field-extra": "passed", "iss-wrong": "passed"}


def by_webbrowser(url: str) -> None:
    assert call(url) == "hello"


def by_another_program(url: str, browser: ClientBrowser) -> None:
    command = [sys.executable, "-m", "tests.judge.programs.tool_caller", url]
    subprocess.run(command, env={**os.environ, **browser.variables}, cwd=ROOT, check=True, capture_output=True)


async def in_a_coroutine(url: str, browser: ClientBrowser) -> None:
    assert await Application(url, browser).call_async("whoami") == "hello"


@pytest.mark.parametrize("client", [by_webbrowser, by_another_program, in_a_coroutine])
def test_a_client_has_its_browser_opened(idp: DevIdP, client: object) -> None:
    assert callable(client)
    assert table(idp.judge(client, only=CHOSEN)) == SOUND


def test_webbrowser_is_as_it_was_afterwards(idp: DevIdP) -> None:
    idp.judge(mcp_client, only=["field-extra"])
    assert not HOOK.open("http://127.0.0.1/")


def test_nothing_but_devidp_and_the_judge_is_opened(idp: DevIdP) -> None:
    def astray(url: str, browser: ClientBrowser) -> None:
        browser("http://127.0.0.1:9/authorize")

    report = idp.judge(astray, only=["field-extra"])
    assert "the browser was told to open what is neither devidp nor the judge" in report.cause

"""What is wrong at the MCP server: how the MCP Python SDK behaves, and clients that behave worse."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from urllib.parse import urlsplit

import httpx
import pytest

from devidp import DevIdP
from devidp.web.control.errors import ControlError
from tests.judge.conftest import mcp_client
from tests.judge.verdicts import table, wrong

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
WELL_KNOWN = "/.well-known/oauth-protected-resource"


def test_the_mcp_sdk_at_an_mcp_server_that_is_wrong(idp: DevIdP) -> None:
    assert table(idp.judge(mcp_client, only=["resource"])) == {
        "resource-refuses-always": "passed",
        "resource-refuses-once": "passed",
        "resource-wants-more-scope": "passed",
        "resource-never-enough-scope": "passed",
        "resource-forbids": "passed",
        "resource-metadata-of-another": "passed",
        "resource-metadata-without-issuers": "passed",
        "resource-metadata-extra": "passed",
        "resource-metadata-html": "passed",
        "resource-metadata-unavailable": "passed",
        "resource-issuer-changes": "passed",
        "resource-challenge-missing": "passed",
        "resource-challenges-several": "passed",
        "resource-challenge-lower-case": "passed",
        "resource-slow": "passed",
        "resource-unavailable": "passed",
        "resource-html": "passed",
        "resource-drops": "gave-up-on-resource-drops",
    }


def test_a_client_that_sends_its_token_again_and_again_loops(idp: DevIdP) -> None:
    def stubborn(url: str, browser: Callable[[str], str]) -> None:
        token = idp.token(scope="mcp:read")
        for _ in range(40):
            answer = httpx.post(url, json=LIST, headers={"Authorization": f"Bearer {token}"})
            if answer.status_code == 200:
                return
        answer.raise_for_status()

    report = idp.judge(stubborn, only=["resource-refuses-always"])
    assert wrong(report) == ["loops:resource-refuses-always"]
    assert "40 times" in report.findings[0].detail
    assert [(each.method, each.status) for each in report.findings[0].exchanges] == [("POST", 401)] * 2


def test_a_client_that_does_not_come_to_an_end_hangs(idp: DevIdP) -> None:
    over = Event()

    def waiting(url: str, browser: Callable[[str], str]) -> None:
        answer = httpx.post(url, json=LIST, headers={"Authorization": f"Bearer {idp.token()}"})
        if answer.headers["Content-Type"] != "application/json":
            over.wait()

    report = idp.judge(waiting, only=["resource-html"], timeout=1)
    over.set()
    assert wrong(report) == ["hangs:resource-html"]


def test_a_client_that_swallows_the_refusal_says_nothing(idp: DevIdP) -> None:
    def silent(url: str, browser: Callable[[str], str]) -> None:
        httpx.post(url, json=LIST, headers={"Authorization": f"Bearer {idp.token()}"})

    assert wrong(idp.judge(silent, only=["resource-forbids"])) == ["hid-resource-forbids"]


def test_a_client_that_takes_its_secret_to_another_issuer_gives_it_away(idp: DevIdP) -> None:
    def gullible(url: str, browser: Callable[[str], str]) -> None:
        for _ in range(3):
            token = idp.token()
            answer = httpx.post(url, json=LIST, headers={"Authorization": f"Bearer {token}"})
            if answer.status_code == 200:
                return
            parts = urlsplit(url)
            described = httpx.get(parts._replace(path=f"{WELL_KNOWN}{parts.path}").geturl()).json()
            issuer = described["authorization_servers"][0]
            form = {"grant_type": "refresh_token", "refresh_token": "of-the-first-issuer"}
            httpx.post(f"{issuer}/token", data=form, auth=("web", "web-secret"))
        answer.raise_for_status()

    report = idp.judge(gullible, only=["resource-issuer-changes"])
    assert wrong(report) == ["followed-resource-issuer-changes"]
    assert report.findings[0].detail == "a foreign origin got a refresh token and a client secret"


def test_an_unknown_scenario_is_refused_by_name(idp: DevIdP) -> None:
    with pytest.raises(ControlError, match=r"got 'resource-hmtl', expected .*; hint: did you mean 'resource-html'"):
        idp.judge(mcp_client, only=["resource-hmtl"])


def test_a_client_that_fails_where_nothing_is_wrong_is_not_judged(idp: DevIdP) -> None:
    def broken(url: str) -> None:
        raise LookupError("no configuration")

    report = idp.judge(broken)
    assert report.cause == "the client sent nothing: LookupError: no configuration"
    assert (report.checks, report.findings) == ((), [])


def test_why_devidp_refuses_where_nothing_is_wrong_is_said_with_what_to_change(idp: DevIdP) -> None:
    def misconfigured(url: str) -> None:
        httpx.post(
            f"{idp.issuer}/token", data={"grant_type": "client_credentials"}, auth=("web", "wrong")
        ).raise_for_status()

    report = idp.judge(misconfigured)
    assert "devidp refused POST /default/token with invalid_client: " in report.cause
    assert report.remedy == "Compare it with the seed, or with the answer of the registration"

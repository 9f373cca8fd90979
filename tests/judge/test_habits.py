"""What a client does in every login, where nothing is wrong."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from devidp import DevIdP
from tests.flow import CHALLENGE, VERIFIER
from tests.judge.conftest import mcp_client
from tests.judge.relying_party import RelyingParty
from tests.judge.verdicts import table, wrong

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


@pytest.fixture
def careless(idp: DevIdP) -> Callable[[str, Callable[[str], str]], None]:
    """An MCP client without resource and state, which puts its token into the query, under one proof key for ever."""
    web = idp.clients["web"].record
    verifier = "a" * 43

    def client(url: str, browser: Callable[[str], str]) -> None:
        request = {
            "response_type": "code", "client_id": "web", "redirect_uri": web.redirect_uris[0], "scope": "mcp:read",
            "code_challenge": "ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA", "code_challenge_method": "S256",
        }  # fmt: skip
        back = dict(parse_qsl(urlsplit(browser(f"{idp.issuer}/authorize?{urlencode(request)}")).query))
        form = {"grant_type": "authorization_code", "redirect_uri": request["redirect_uri"], "code_verifier": verifier}
        answer = httpx.post(f"{idp.issuer}/token", data={**form, "code": back["code"]}, auth=("web", web.secret or ""))
        token = answer.raise_for_status().json()["access_token"]
        httpx.post(f"{url}?access_token={token}", json=LIST)
        httpx.post(url, json=LIST, headers={"Authorization": f"Bearer {token}"}).raise_for_status()

    return client


def test_a_client_that_sends_no_state_has_none_to_compare(
    idp: DevIdP, careless: Callable[[str, Callable[[str], str]], None]
) -> None:
    report = idp.judge(careless, only=["state-changed", "state-missing"])
    skipped = {check.name: check.note for check in report.checks if check.outcome == "skipped"}
    note = "in the sound run the client did not send state, so it has nothing to check"
    assert skipped == {"state-changed": note, "state-missing": note}


def test_what_is_pushed_was_sent(idp: DevIdP) -> None:
    """RFC 9126: the address that the browser opens has nothing of it."""
    web = idp.clients["web"].record
    client = web.client_id, web.secret or ""

    def pushing(issuer: str, browser: Callable[[str], str]) -> None:
        request = {
            "response_type": "code", "redirect_uri": web.redirect_uris[0], "scope": "openid", "state": "s-1",
            "code_challenge": CHALLENGE, "code_challenge_method": "S256",
        }  # fmt: skip
        pushed = httpx.post(f"{issuer}/par", data=request, auth=client).raise_for_status().json()
        address = urlencode({"client_id": web.client_id, "request_uri": pushed["request_uri"]})
        back = dict(parse_qsl(urlsplit(browser(f"{issuer}/authorize?{address}")).query))
        form = {"grant_type": "authorization_code", "redirect_uri": request["redirect_uri"], "code_verifier": VERIFIER}
        httpx.post(f"{issuer}/token", data={**form, "code": back["code"]}, auth=client).raise_for_status()

    report = idp.judge(pushing, only=["sound", "state-changed"], oidc=True)
    assert wrong(report) == ["followed-state-changed"]


def test_the_mcp_sdk_has_no_bad_habit(idp: DevIdP) -> None:
    chosen = ["habits", "resource-metadata-extra"]
    assert table(idp.judge(mcp_client, only=chosen)) == dict.fromkeys(
        ["sound", "resource-metadata-extra", "fresh-values"], "passed"
    )


def test_authlib_has_no_bad_habit(idp: DevIdP, relying_party: RelyingParty) -> None:
    assert wrong(idp.judge(relying_party, only=["habits", "id-expired"], oidc=True)) == []


def test_bad_habits_are_found_without_anything_wrong(
    idp: DevIdP, careless: Callable[[str, Callable[[str], str]], None]
) -> None:
    report = idp.judge(careless, only=["habits", "resource-challenge-missing"])
    assert wrong(report) == [
        "token-in-query", "repeated:code_challenge", "resource-missing-in-request", "state-missing-in-request",
    ]  # fmt: skip

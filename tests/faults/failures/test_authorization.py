"""Failures of the authorization response, as the redirect brings them to the client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from devidp import DevIdP, LoginFailed
from devidp.faults.failures import FAILURES

STATE = "a-state"
ASKED = {
    "response_type": "code", "client_id": "web", "redirect_uri": "http://localhost/callback", "state": STATE,
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
    "scope": "mcp:read",
}  # fmt: skip
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CODES = (
    "access_denied", "server_error", "temporarily_unavailable", "invalid_scope", "unauthorized_client",
    "unsupported_response_type", "invalid_request", "login_required", "consent_required", "interaction_required",
    "account_selection_required", "invalid_target",
)  # fmt: skip
Pairs = list[tuple[str, str]]


@pytest.fixture(scope="module")
def running() -> Iterator[DevIdP]:
    with DevIdP() as idp:
        yield idp


@pytest.fixture
def idp(running: DevIdP) -> DevIdP:
    running.reset()
    return running


def location(idp: DevIdP) -> str:
    """Where the browser is sent after the login has been remembered."""
    with httpx.Client() as browser:
        page = browser.get(f"{idp.issuer}/authorize", params=ASKED)
        for chosen in ({"login_as": "alice"}, {"decision": "allow", "scope": "mcp:read"}):
            if page.status_code == 200:
                transaction = page.text.split('name="transaction" value="')[1].split('"')[0]
                action = page.text.split('action="')[1].split('"')[0]
                page = browser.post(page.url.join(action), data={"transaction": transaction, **chosen})
    return page.headers["Location"]


def answer(idp: DevIdP) -> Pairs:
    return parse_qsl(urlsplit(location(idp)).query)


WRONG: dict[str, Callable[[DevIdP, Pairs], bool]] = {
    "iss-wrong": lambda idp, got: dict(got)["iss"] == "https://attacker.example",
    "iss-missing": lambda idp, got: "iss" not in dict(got),
    "iss-of-another-issuer": lambda idp, got: dict(got)["iss"] == f"{idp.url}/enterprise",
    "iss-trailing-slash": lambda idp, got: dict(got)["iss"] == f"{idp.issuer}/",
    "state-changed": lambda idp, got: dict(got)["state"] not in ("", STATE),
    "state-missing": lambda idp, got: "state" not in dict(got),
    "code-missing": lambda idp, got: "code" not in dict(got),
    "code-changed": lambda idp, got: dict(got)["code"] == "made-up",
    "answer-doubled": lambda idp, got: [name for name, _ in got].count("code") == 2,
    "answer-extra": lambda idp, got: "client_info" in dict(got),
    "code-and-error": lambda idp, got: {"code", "error"} <= dict(got).keys(),
    "error-without-state": lambda idp, got: dict(got) == {"error": "access_denied", "iss": idp.issuer},
    "answer-in-fragment": lambda idp, got: got == [],
    "code-of-another-flow": lambda idp, got: redeemed(idp, dict(got)["code"]) == "invalid_grant",
}


def redeemed(idp: DevIdP, code: str) -> str:
    """The error of the token endpoint; empty where there is none."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": ASKED["redirect_uri"]}
    answer = httpx.post(f"{idp.issuer}/token", data={**form, "code_verifier": VERIFIER}, auth=("web", "web-secret"))
    return str(answer.json().get("error", ""))


@pytest.mark.parametrize("name", [each.name for each in FAILURES.values() if each.group == "authorization"])
def test_an_authorization_response_can_be_wrong_in_each_way(idp: DevIdP, name: str) -> None:
    right = answer(idp)
    assert sorted(dict(right)) == ["code", "iss", "state"]
    assert redeemed(idp, dict(right)["code"]) == ""
    idp.fail("authorize", name, client="web")
    assert WRONG[name](idp, answer(idp))
    assert idp.control.failures.waiting() == ()


def test_the_code_of_another_flow_was_issued_by_the_issuer(idp: DevIdP) -> None:
    idp.fail("authorize", "code-of-another-flow")
    assert redeemed(idp, dict(answer(idp))["code"]) == "invalid_grant"
    assert "code_verifier" in idp.assert_seen("token", error="invalid_grant").reason


@pytest.mark.parametrize("code", CODES)
def test_each_error_reaches_the_client_with_its_state(idp: DevIdP, code: str) -> None:
    idp.fail("authorize", error=code)
    got = dict(answer(idp))
    assert (got["error"], got["state"], got["iss"]) == (code, STATE, idp.issuer)


def test_an_error_of_choice_has_no_state(idp: DevIdP) -> None:
    idp.fail("authorize", "error-without-state", error="login_required")
    assert dict(answer(idp)) == {"error": "login_required", "iss": idp.issuer}


def test_a_forgotten_client_is_told_to_the_user_and_not_to_the_client(idp: DevIdP) -> None:
    idp.fail("authorize", "client-unknown", client="web")
    page = httpx.get(f"{idp.issuer}/authorize", params=ASKED)
    assert (page.status_code, page.headers.get("Location")) == (401, None)
    assert "There is no such client" in page.text
    idp.fail("authorize", "client-unknown", client="web")
    with pytest.raises(LoginFailed, match="no such client"):
        idp.login()

"""The pages in Chromium, operated as people do it: by key, by click, and against one's will."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.flow import CHALLENGE, answer
from tests.real_clients.chromium import Chromium
from tests.real_clients.single_page import Application

pytestmark = pytest.mark.slow


@pytest.fixture
def at_login(chromium: Chromium, application: Application) -> Chromium:
    """In front of the login page."""
    parameters = {
        "response_type": "code",
        "client_id": "spa",
        "redirect_uri": f"{application.origin}/callback",
        "scope": "openid mcp:read mcp:write",
        "state": "a state",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    chromium.open(f"{application.issuer}/authorize?{urlencode(parameters)}")
    return chromium


def arrived(chromium: Chromium, application: Application) -> dict[str, str]:
    """What the redirect URI gets."""
    return answer(chromium.arrive(f"{application.origin}/callback?"))


def test_enter_submits_what_was_typed(at_login: Chromium, application: Application) -> None:
    at_login.fill("User name", "bob")
    at_login.fill("Password", "bob")
    at_login.key("Enter")
    at_login.see("Bob Brown")
    at_login.press("Allow")
    assert arrived(at_login, application)["code"]


def test_a_wrong_password_is_said_and_can_be_mended(at_login: Chromium, application: Application) -> None:
    at_login.fill("User name", "bob")
    at_login.fill("Password", "wrong")
    at_login.key("Enter")
    at_login.see("That is not the password of bob")
    at_login.fill("Password", "bob")
    at_login.key("Enter")
    at_login.press("Allow")
    assert arrived(at_login, application)["code"]


def test_one_click_logs_in_and_the_next_request_asks_nothing(at_login: Chromium, application: Application) -> None:
    address = at_login.address
    at_login.press("Log in as Alice Anderson")
    at_login.press("Allow")
    assert arrived(at_login, application)["code"]
    at_login.open(address)
    assert arrived(at_login, application)["code"]


def test_the_keyboard_alone_is_enough(at_login: Chromium, application: Application) -> None:
    at_login.key("Enter")  # the focus is on the first user
    at_login.see("Alice Anderson")
    at_login.press("Allow")
    assert arrived(at_login, application)["code"]


def test_a_second_factor_by_one_click(at_login: Chromium, application: Application) -> None:
    at_login.open(f"{at_login.address}&acr_values=2")
    at_login.press("Log in as Alice Anderson")
    at_login.see("Confirm that it is you")
    at_login.press("Use ")
    at_login.press("Allow")
    assert arrived(at_login, application)["code"]
    assert at_login.complaints == []


def test_who_may_not_log_in_cannot_be_clicked(at_login: Chromium) -> None:
    assert at_login.run("document.querySelector('button[value=mallory]').disabled") is True


def test_a_denial_goes_to_the_application(at_login: Chromium, application: Application, issuer: str) -> None:
    at_login.press("Log in as Alice Anderson")
    at_login.press("Deny")
    got = arrived(at_login, application)
    assert (got["error"], got["state"], got["iss"]) == ("access_denied", "a state", issuer)


def test_the_pages_break_no_policy_of_their_own(at_login: Chromium) -> None:
    at_login.press("Log in as Alice Anderson")
    at_login.see("Allow access?")
    assert at_login.run("getComputedStyle(document.querySelector('button.main')).cursor") == "pointer"
    assert at_login.complaints == []

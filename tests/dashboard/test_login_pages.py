"""The pages of a login in a real browser: every state at every width, by keyboard, and with hostile texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from devidp import DevIdP
from tests.dashboard.browser import Looker, check, check_everywhere
from tests.dashboard.people import authorize_url
from tests.flow import REDIRECT_URI, answer
from tests.serving import wsgi_served

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)></style>\u202e\u2066\u200b" + "x" * 5000
PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8' onload='alert(1)'%3E"
    "%3Cscript%3Ealert(1)%3C/script%3E%3Crect width='8' height='8' fill='%23369'/%3E%3C/svg%3E"
)


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")


@pytest.fixture
def client() -> Iterator[str]:
    """The redirect URI of an application; to be named before ``look``, whose browsers keep connections open."""

    def make(_: str) -> Flask:
        application = Flask("client")
        application.add_url_rule("/callback", view_func=lambda: "<link rel=icon href=data:,><title>Back</title>")
        return application

    with wsgi_served(make) as (base_url, _):
        yield f"{base_url}/callback"


def brought(page: Page, button: str) -> dict[str, str]:
    """What a click brings to the client."""
    page.get_by_role("button", name=button).first.click()
    page.wait_for_url(re.compile("/callback"))
    return answer(page.url)


def test_login_and_consent_at_every_width(client: str, look: Looker, idp: DevIdP) -> None:
    look.expected.append(client)
    idp.users["bob"].change(claims={"name": "Bob Brown", "picture": PICTURE}, mfa="totp")
    page = look(
        authorize_url(idp.url, redirect_uri=client, state="s-1", prompt="login", acr_values="2", redirect_url="x")
    )
    check(page, "login")
    unfold(page)
    check_everywhere(page, "login-unfolded")
    page.get_by_role("button", name="Bob Brown").click()
    unfold(page)
    check(page, "second-factor-unfolded")
    page.get_by_role("button", name="What the simulated authenticator").click()
    unfold(page)
    page.set_viewport_size({"width": 320, "height": 800})
    check(page, "consent-unfolded")
    assert brought(page, "state-changed")["state"] == "s-1x"


def test_every_error_can_be_tried_and_the_button_back_leads_to_the_next(client: str, look: Looker, idp: DevIdP) -> None:
    look.expected.append(client)
    page = look(authorize_url(idp.url, redirect_uri=client))
    for error in ("login_required", "server_error"):
        page.get_by_text("Answer with an error").click()
        assert brought(page, error)["error"] == error
        page.go_back()
    page.get_by_text("Answer wrongly").click()
    page.get_by_role("button", name="iss-missing").click()
    expect(page.get_by_role("status")).to_contain_text("iss-missing")
    check(page, "login-wrong-answer")
    page.get_by_role("button", name="Alice Anderson").click()
    assert brought(page, "Allow").keys() == {"code"}


def test_a_person_needs_no_mouse(client: str, look: Looker, idp: DevIdP) -> None:
    look.expected.append(client)
    page = look(authorize_url(idp.url, redirect_uri=client))
    expect(page.get_by_role("button", name="Alice Anderson")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Allow", exact=True).focus()
    for _ in ("Deny", "Not you?", "What came", "Answer with an error"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="access_denied")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("error=access_denied"))


def test_hostile_texts_neither_run_nor_push_anything_away(look: Looker, idp: DevIdP) -> None:
    idp.users["bob"].change(claims={"name": HOSTILE[:3000], "roles": [HOSTILE[:3000]], "picture": HOSTILE[:3000]})
    hostile = dict.fromkeys(("state", "nonce", "login_hint", "ui_locales", "display"), HOSTILE)
    page = look(authorize_url(idp.url, **hostile, **{HOSTILE[:200]: HOSTILE[:200]}))
    unfold(page)
    page.set_viewport_size({"width": 320, "height": 800})
    check(page, "login-hostile")
    page = look(authorize_url(idp.url, client_id=HOSTILE[:3000], redirect_uri=HOSTILE[:3000], state=HOSTILE[:3000]))
    look.expected.append("400 (BAD REQUEST)")
    check(page, "error-hostile")


def test_refusals_device_and_logout_at_the_narrowest(look: Looker, idp: DevIdP) -> None:
    look.expected.append("400 (BAD REQUEST)")
    page = look(authorize_url(idp.url, redirect_uri=f"{REDIRECT_URI}/"), width=320)
    expect(page.get_by_text("Not registered for this client")).to_be_visible()
    check(page, "error")
    page = look(authorize_url(idp.url), width=320, scheme="dark")
    page.get_by_role("button", name="Alice Anderson").click()
    page.goto(f"{look.base}/enterprise/device")
    check(page, "device")
    page.goto(f"{idp.issuer}/logout?client_id=web&state=s")
    unfold(page)
    check(page, "logout-unfolded")
    page.get_by_role("button", name="Stay logged in").click()
    check(page, "stayed")
    page.goto(f"{idp.issuer}/logout")
    page.get_by_role("button", name="Log out").click()
    check(page, "signed-out")

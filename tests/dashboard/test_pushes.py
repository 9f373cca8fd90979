"""Questions on other devices, answered on the dashboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from devidp import DevIdP
from devidp.web.control.errors import ControlError
from tests.dashboard.browser import LARGEST_PAGE, Looker, check, check_everywhere
from tests.dashboard.people import authorize_url, run
from tests.flow import REDIRECT_URI, Flow
from tests.shipped import Start

PATH = "/_devidp/controls/pushes"


def test_a_person_answers_on_the_dashboard_and_goes_on(look: Looker, idp: DevIdP) -> None:
    idp.users["bob"].change(mfa="push")
    context = look.context()
    devices = look.tab(context)
    devices.goto(f"{look.base}{PATH}")
    check_everywhere(devices, "pushes-none")
    devices.get_by_text("live", exact=True).wait_for()
    login = look.tab(context)
    look.expected.append(REDIRECT_URI)
    login.goto(authorize_url(idp.url, acr_values="2"))
    login.get_by_role("button", name="Bob Brown").click()
    expect(login.get_by_role("link", name=PATH)).to_be_visible()
    devices.bring_to_front()
    devices.get_by_role("button", name="Approve").wait_for()
    check_everywhere(devices, "pushes-one")
    devices.get_by_role("button", name="Approve").click()
    devices.get_by_text("Answered: yes").wait_for()
    check(devices, "pushes-answered")
    login.get_by_role("button", name="Continue").click()
    with login.expect_request(lambda request: request.url.startswith(REDIRECT_URI)) as called:
        login.get_by_role("button", name="Allow").click()
    assert "code=" in called.value.url


@pytest.mark.parametrize("way", ["cli", "http"])
def test_the_calls_that_are_shown_do_the_same(look: Looker, idp: DevIdP, way: str) -> None:
    idp.users["bob"].change(mfa="push")
    look(authorize_url(idp.url, acr_values="2")).get_by_role("button", name="Bob Brown").click()
    page = look(PATH, javascript=False)
    page.locator("summary").click()
    assert len(idp.control.pushes.waiting("bob")) == 1
    run(page.locator(f"#approve-{way}").inner_text())
    with pytest.raises(ControlError, match="no push waits"):
        idp.control.pushes.approve("bob")


def test_many_questions_keep_the_page_small(start: Start) -> None:
    flow = start(users={"bob": {"mfa": "push", "claims": {"picture": "data:image/png;base64," + "A" * 12_000}}})
    for _ in range(60):
        browser = Flow(flow.http.application)
        browser.log_in(browser.authorize(acr_values="2"), "bob")
    page = flow.http.get(PATH)
    assert "And 10 more" in page.text
    assert len(page.data) <= LARGEST_PAGE

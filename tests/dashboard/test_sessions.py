"""Sessions and authorizations on the dashboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from devidp import DevIdP
from tests.dashboard.browser import LARGEST_PAGE, Looker, check_everywhere
from tests.dashboard.people import authorize_url, run
from tests.flow import Flow
from tests.shipped import Start

PATH = "/_devidp/controls/sessions"


def test_a_login_appears_and_is_ended(look: Looker) -> None:
    context = look.context()
    page, login = look.tab(context), look.tab(context)
    page.goto(f"{look.base}{PATH}")
    check_everywhere(page, "sessions-none")
    login.goto(authorize_url(look.base))
    login.get_by_role("button", name="Bob Brown").click()
    page.bring_to_front()
    page.get_by_text("Chrome, headless").wait_for()
    check_everywhere(page, "sessions-one")
    page.get_by_role("button", name="Log out").click()
    page.get_by_text("The browser is logged out").wait_for()
    login.goto(authorize_url(look.base))
    expect(login.get_by_role("button", name="Bob Brown")).to_be_visible()


def test_an_authorization_is_revoked_with_a_click(look: Looker, idp: DevIdP) -> None:
    idp.login("alice", scope="openid mcp:read offline_access")
    idp.login("bob", "spa")
    page = look(f"{PATH}/authorizations?user=alice")
    assert page.get_by_role("row").count() == 2
    assert "usable" in page.get_by_role("table").inner_text()
    check_everywhere(page, "authorizations")
    flow = page.get_by_role("table").get_by_role("link").first.get_attribute("href") or ""
    assert "alice" in look(flow).get_by_role("main").inner_text()
    page.get_by_role("button", name="Revoke").click()
    page.get_by_text("its tokens are revoked").wait_for()
    check_everywhere(page, "authorizations-ended")
    assert [each.ended for each in idp.authorizations.find("alice")] == [True]
    assert [each.ended for each in idp.authorizations.find("bob")] == [False]


def test_a_name_that_nobody_has_is_said(look: Looker) -> None:
    look.expected.append("400")
    for path in (f"{PATH}?user=alcie", f"{PATH}/authorizations?client=wbe"):
        assert "did you mean" in look(path, javascript=False).get_by_role("alert").inner_text()


def test_many_of_them_come_in_pages(start: Start) -> None:
    flow = start()
    for _ in range(60):
        Flow(flow.http.application).tokens()
    for path in (PATH, f"{PATH}/authorizations"):
        answer = flow.http.get(path)
        assert "1 to 50 of 60" in answer.text
        assert len(answer.data) <= LARGEST_PAGE
        assert "51 to 60 of 60" in flow.http.get(f"{path}?page=2").text


@pytest.mark.slow
@pytest.mark.parametrize("way", ["cli", "http"])
def test_the_calls_that_are_shown_do_the_same(look: Looker, idp: DevIdP, way: str) -> None:
    for user in ("alice", "alice", "bob"):
        idp.login(user)
    lines = look(f"{PATH}?user=alice", javascript=False).locator(f"#end-{way}").text_content() or ""
    for line, left in zip(lines.splitlines(), (2, 1), strict=True):
        run(line)
        assert idp.sessions.count() == left
    idp.login("alice")
    page = look(f"{PATH}/authorizations?user=alice", javascript=False)
    run(page.locator(f"#end-{way}").text_content() or "")
    assert sorted(each.ended for each in idp.authorizations.find("alice")) == [True, True, True]

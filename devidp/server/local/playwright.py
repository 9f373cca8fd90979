"""The login in a browser that Playwright drives: what a person would click on devidp's pages."""

from __future__ import annotations

import inspect
import json
from typing import Any

from devidp.web.browser import MAX_STEPS, WRONG_CODE, answer_push
from devidp.web.person import Base, LoginFailed, Person


def complete_login(base: Base, page: Any, person: Person) -> None:
    """From devidp's login page, at which ``page`` is or to which it is on its way; raises LoginFailed and TypeError."""
    if not hasattr(page, "expect_navigation") or inspect.iscoroutinefunction(page.goto):
        raise TypeError(
            f"page: got {type(page).__module__}.{type(page).__name__}, expected a Page of playwright.sync_api"
        )
    page.wait_for_url(lambda url: base.holds(url))  # noqa: PLW0108 - it sets attributes on what it is given
    pages = _Pages(base, page, person)
    for _ in range(MAX_STEPS):
        pages.click()
        if not base.holds(page.url):
            person.check_asked(pages.decided, pages.asked_for_factor)
            return
    raise LoginFailed("", f"still at {page.url} after {MAX_STEPS} pages: {pages.words}")


class _Pages:
    def __init__(self, base: Base, page: Any, person: Person) -> None:
        self._base = base
        self._page = page
        self._person = person
        self._clicked = False
        self._searched = False
        self.decided = False
        self.asked_for_factor = False

    @property
    def words(self) -> str:
        problem = self._page.locator("[role=alert]")
        said = problem if problem.count() else self._page.locator("main")
        return " ".join(said.first.inner_text().split())[:400]

    def click(self) -> None:
        """Answer the page, and wait for the next one."""
        button = self._page.locator(f"button[name=login_as][value={json.dumps(self._person.user)}]")
        if self._page.locator("button[name=decision]").count():
            button = self._decide()
        elif self._page.locator("button[name=give_up]").count():
            button = self._show_factor()
        elif not button.count() and not self._searched and self._page.locator("button[name=search]").count():
            self._searched = True
            self._page.locator("input[name=find]").fill(self._person.user)
            with self._page.expect_navigation():
                self._page.locator("button[name=search]").click()
            return
        elif not self._clicked and not button.count() and self._page.locator("button[name=anybody]").count():
            self._page.locator("input[name=username]").fill(self._person.user)
            button = self._page.locator("button[name=anybody]")
        elif self._clicked or not button.count() or button.is_disabled():
            raise LoginFailed("", f"the user {self._person.user!r} cannot log in: {self.words}")
        self._clicked = True
        with self._page.expect_navigation():
            button.click()

    def _show_factor(self) -> Any:
        again, self.asked_for_factor = self.asked_for_factor, True
        if again:
            return self._page.locator("button[name=give_up]")
        shown = self._page.locator("button[name=shown_code]")
        if not shown.count():
            answer_push(self._base, self._person)
            return self._page.locator("button[name=answered]")
        if self._person.second_factor == "pass":
            return shown
        self._page.locator("input[name=code]").fill(WRONG_CODE)
        return self._page.locator("button.main")

    def _decide(self) -> Any:
        self.decided = True
        if self._person.deny:
            return self._page.locator("button[name=decision][value=deny]")
        boxes = self._page.locator("input[name=scope][type=checkbox]")
        offered = [boxes.nth(index).get_attribute("value") for index in range(boxes.count())]
        allowed = self._person.allowed(offered)
        for index, name in enumerate(offered):
            boxes.nth(index).set_checked(name in allowed)
        return self._page.locator("button[name=decision][value=allow]")

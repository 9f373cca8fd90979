"""A person at a browser. It knows what stands on the pages, and nothing else of devidp.

``python -m tests.real_clients.browser URL`` logs in as a program that is told to open a browser expects it to happen.
"""

from __future__ import annotations

import sys
from urllib.parse import urlencode

import httpx

from tests.real_clients.page import Page

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_PAGES = 20
LISTENING_RETRIES = 6
"""Programs open the browser before they listen for its answer; the connection is tried again, ever later."""


class Browser:
    """Follows redirects, keeps cookies and fills forms; at ``stop`` it only shows the address: nobody listens there."""

    def __init__(self, stop: str | None = None) -> None:
        self.stop = stop
        self._http = httpx.Client(transport=httpx.HTTPTransport(retries=LISTENING_RETRIES), timeout=120)

    def close(self) -> None:
        self._http.close()

    def visit(self, address: str) -> Page:
        return self._follow("GET", address, None)

    def press(self, page: Page, words: str) -> Page:
        """The page after a click on the button that says ``words``."""
        form, button = page.pressed(words)
        return self._follow(form.method, form.address, form.sent(button))

    def log_in(self, page: Page, username: str = "alice", password: str | None = None) -> Page:
        page.fill("User name", username)
        page.fill("Password", username if password is None else password)
        return self.press(page, "Log in")

    def authorize(self, address: str, username: str = "alice") -> str:
        """Through device code, login and consent, where they are asked for; the address at which the browser ends."""
        page = self.visit(address)
        if page.has("Continue"):
            page = self.press(page, "Continue")
        if page.has("Password"):
            page = self.log_in(page, username)
        if page.has("Allow"):
            page = self.press(page, "Allow")
        assert page.status in (0, 200), f"{page.status} at {page.address}: {page.text}"
        return page.address

    def _follow(self, method: str, address: str, fields: list[tuple[str, str]] | None) -> Page:
        for _ in range(MOST_PAGES):
            if self.stop is not None and address.startswith(self.stop):
                return Page(address)
            response = self._request(method, address, fields)
            if response.status_code not in REDIRECTS:
                return Page(address, response.status_code, response.text)
            address = str(httpx.URL(address).join(response.headers["Location"]))
            if response.status_code not in (307, 308):
                method, fields = "GET", None
        raise AssertionError(f"more than {MOST_PAGES} redirects, the last one to {address}")

    def _request(self, method: str, address: str, fields: list[tuple[str, str]] | None) -> httpx.Response:
        if fields is None:
            return self._http.request(method, address, headers={"Accept": "text/html"})
        headers = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
        return self._http.request(method, address, content=urlencode(fields).encode(), headers=headers)


if __name__ == "__main__":
    Browser().authorize(sys.argv[1])

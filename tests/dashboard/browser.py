"""A real Chromium that looks at the pages of a running devidp, and complains as a browser and an auditor would."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

HERE = Path(__file__).parent
AXE = HERE / "node" / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = HERE / "screenshots" if os.environ.get("SCREENSHOTS") else None
"""Where every page that is checked is kept as a picture, for who wants to see them: SCREENSHOTS=1 make test."""
WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")
LARGEST_PAGE = 80_000
"""Bytes of HTML."""
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RULES_OF_COLOR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""Those whose outcome another colour scheme can change."""

# as long as for everything else that Playwright waits for: a busy machine is no failure
expect.set_options(timeout=30_000)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of the system."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "Chromium is missing: run `make test-setup`"
    options = [] if os.name == "nt" or os.getuid() else ["--no-sandbox"]
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=found, args=options) as browser,
    ):
        yield browser


class Looker:
    """Opens pages of the devidp at ``base``; ``complaints`` are what a browser's console and network would show."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.base = base
        self.complaints: list[str] = []
        self.expected: list[str] = []
        """Parts of complaints that the test provokes."""
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def __call__(
        self, path: str, width: int = 1280, scheme: str = "light", *, javascript: bool = True, height: int = 800
    ) -> Page:
        """The page at ``path`` in a browser of its own, ``width`` pixels wide."""
        page = self.tab(self.context(width, scheme, javascript=javascript, height=height))
        page.goto(f"{self.base}{path}" if path.startswith("/") else path)
        return page

    def context(
        self, width: int = 1280, scheme: str = "light", *, javascript: bool = True, height: int = 800
    ) -> BrowserContext:
        """A browser: tabs of it share cookies and the stream."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=javascript,
        )
        self._contexts.append(context)
        return context

    def tab(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)
        return page

    def close(self) -> None:
        """Close every browser; raises AssertionError where one complained of what was not expected."""
        for context in self._contexts:
            context.close()
        unexpected = [each for each in self.complaints if not any(part in each for part in self.expected)]
        assert not unexpected, "\n".join(unexpected)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text} ({message.location['url']})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws") and parts.netloc != urlsplit(self.base).netloc:
            self.complaints.append(f"leaves devidp: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"status {response.status}: {response.url}")


def audit(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe-core finds wrong on the page as it is shown now.

    What is wrong is so twice: a part that is replaced while it is looked at has no colors.
    """
    return _audit(page, rules) and _audit(page, rules)


def _audit(page: Page, rules: dict[str, Any]) -> list[str]:
    if page.evaluate("typeof axe") == "undefined":
        # not as a script element, which the policy of the page would block
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules
    )
    return [
        f"{each['id']}: {each['help']}: {'; '.join(node['html'][:200] for node in each['nodes'][:3])}"
        for each in found["violations"]
    ]


def check(page: Page, name: str, rules: dict[str, Any] = RULES) -> None:
    """Nobody is shut out, nothing sticks out, it is small; a screenshot may be kept as ``name``."""
    assert page.viewport_size is not None
    width = page.viewport_size["width"]
    if SCREENSHOTS:
        SCREENSHOTS.mkdir(exist_ok=True)
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{'dark' if dark else 'light'}.png", full_page=True)
    found = audit(page, rules)
    assert found == [], found
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "scrolls sideways"
    assert len(page.content().encode()) <= LARGEST_PAGE


def check_everywhere(page: Page, name: str) -> None:
    """``check`` at every width and in both schemes."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            check(page, name, RULES if scheme == SCHEMES[0] else RULES_OF_COLOR)

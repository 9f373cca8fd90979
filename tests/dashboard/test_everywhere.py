"""Every page of the dashboard that a link leads to, with hostile names in everything that others write."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page

from devidp import DevIdP
from tests.dashboard.browser import SCHEMES, WIDTHS, Looker, check

EVIL = (
    '"><img src=x onerror=alert(1)><style>*{display:none}</style></script><script>alert(1)</script>\u202e\u200b\u2066'
)
LONG = "W" * 300
ALIKE = 2
"""How many pages of one kind are looked at: a hundred users have a hundred pages that differ in the name only."""
SEED = {
    "users": {
        "eve": {"claims": {"name": EVIL, "email": f"{EVIL}@example.com", "roles": [EVIL, LONG]}},
        "longest": {"claims": {"name": LONG, "note": {"deep": [EVIL, {"deeper": LONG}]}}},
        **{f"user-{number:03}": {"claims": {"name": f"User {number}"}} for number in range(60)},
    },
    "clients": {
        "evil": {"name": EVIL, "secret": "s", "grants": ["client_credentials"], "scopes": ["openid"]},
        "web": {
            "name": LONG,
            "secret": "s",
            "redirect_uris": [f"http://localhost:3000/{LONG}"],
            "grants": ["authorization_code", "refresh_token", "client_credentials"],
        },
    },
}


@pytest.fixture(scope="module")
def hostile() -> Iterator[DevIdP]:
    with DevIdP(SEED) as idp:
        with httpx.Client(base_url=idp.url, headers={"User-Agent": quote(EVIL)}) as client:
            redirect = {"redirect_uri": f"http://localhost:3000/{LONG}x{EVIL}", "client_id": "web", "state": EVIL}
            client.get("/default/authorize", params={**redirect, "response_type": "code", "scope": EVIL})
            client.get("/default/authorize", params={"client_id": EVIL, EVIL: LONG})
            client.post("/default/token", data={"grant_type": EVIL, "scope": EVIL}, auth=(quote(EVIL), "x"))
            client.get("/default/.well-known/openid-configuration")
            client.get(f"/{quote(EVIL)}")
            registration = {
                "client_name": EVIL,
                "redirect_uris": ["http://localhost:1/"],
                "client_uri": "https://a.test/",
            }
            client.post("/default/register", json=registration)
        idp.clients.add("added", name=EVIL, redirect_uris=["http://localhost:3000/cb"], public=True)
        idp.login("eve", client="web", redirect_uri=f"http://localhost:3000/{LONG}")
        idp.arm("expired", client="evil", times=None)
        idp.fail("token", error="server_error", description="an error", times=3)
        yield idp


@pytest.fixture
def look(browser: Browser, hostile: DevIdP) -> Iterator[Looker]:
    looker = Looker(browser, hostile.url)
    yield looker
    looker.close()


def linked(page: Page) -> list[str]:
    """Where the links of a page lead, within the dashboard; what is a download is no page."""
    found: list[str] = page.eval_on_selector_all("a[href]:not([download])", "links => links.map(link => link.href)")
    return [link.partition("#")[0] for link in found if urlsplit(link).path.startswith("/_devidp/")]


def kind(address: str) -> tuple[str, tuple[str, ...]]:
    parts = urlsplit(address)
    return parts.path.rpartition("/")[0], tuple(sorted({name for name, _ in parse_qsl(parts.query)}))


@pytest.mark.slow
def test_every_page_is_whole_for_everybody_whatever_it_shows(look: Looker) -> None:
    page = look("/_devidp/")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    waiting, seen, kinds = deque([page.url]), {page.url}, Counter[tuple[str, tuple[str, ...]]]()
    done: list[str] = []
    while waiting:
        address = waiting.popleft()
        page.goto(address)
        page.set_viewport_size({"width": WIDTHS[len(done) % 3], "height": 800})
        page.emulate_media(color_scheme="dark" if SCHEMES[len(done) % 2] == "dark" else "light")
        # at once: the stream may put new elements in their place between two clicks
        page.evaluate(
            "[...document.querySelectorAll('details:not([open]) > summary')].slice(0, 5).forEach(s => s.click())"
        )
        name = "-".join(part for part in urlsplit(address).path.split("/")[2:4] if part) or "flows"
        check(page, f"everywhere-{name[:40]}-{len(done)}")
        # but for the value of a field, which comes back as it is
        assert "\u202e" not in page.inner_text("body"), address
        done.append(address)
        for link in linked(page):
            if link not in seen and kinds[kind(link)] < ALIKE + 8 * (link.count("/") < 6):
                seen.add(link)
                kinds[kind(link)] += 1
                waiting.append(link)
    assert dialogs == []
    assert len(done) > 20, done


@pytest.mark.slow
def test_the_keyboard_alone_reaches_everything(look: Looker) -> None:
    page = look("/_devidp/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for area in page.locator("header nav a").all_inner_texts():
        page.goto(f"{look.base}/_devidp/")
        for _ in range(10):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == area:
                break
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        assert page.locator("nav [aria-current=page]").first.inner_text() == area
        outlined = 0
        for _ in range(15):
            page.keyboard.press("Tab")
            outlined += page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'")
        assert outlined >= 10, f"the focus cannot be seen at {area}"

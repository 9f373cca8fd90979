"""The pictures of the documentation, made of a running devidp: ``python -m tests.dashboard.pictures``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page

from devidp import DevIdP
from tests.dashboard.browser import chromium
from tests.flow import CHALLENGE

FOLDER = Path(__file__).parents[2] / "docs" / "images"
REQUEST = {
    "client_id": "web",
    "response_type": "code",
    "redirect_uri": "http://localhost:3000/calback",
    "scope": "openid mcp:read",
    "state": "af0ifjsldkj",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
"""With a mistake in it."""
AGENT = {"User-Agent": "mcp-remote/0.15.1"}


def pictures(folder: Path, browser: Browser) -> list[str]:
    """Make every picture in ``folder``; their names."""
    folder.mkdir(exist_ok=True)
    with DevIdP() as idp:
        idp.clock.set("2026-01-15T09:41:00Z")
        _live_through(idp)
        context = browser.new_context(viewport={"width": 1180, "height": 760}, reduced_motion="reduce")
        page, made = context.new_page(), []
        for name, open_page in {
            "flows": _flows,
            "refused": _refused,
            "flow": _flow,
            "token": _token,
            "faults": _faults,
        }.items():
            open_page(page, idp)
            page.screenshot(path=folder / f"{name}.png")
            made.append(name)
        context.close()
    return made


def _live_through(idp: DevIdP) -> None:
    """What a morning with clients leaves behind."""
    with httpx.Client(base_url=f"{idp.issuer}/", headers=AGENT) as client:
        idp.login("alice", client="web")
        client.get(".well-known/oauth-authorization-server")
        client.post(
            "register", json={"client_name": "Claude", "redirect_uris": ["http://localhost:3334/oauth/callback"]}
        )
        client.post("token", data={"grant_type": "client_credentials"}, auth=("service", "service-secret"))
        client.post("token", data={"grant_type": "client_credentials"}, auth=("service", "secret"))
        idp.login("bob", client="spa")
        client.get("authorize", params=REQUEST)


def _flows(page: Page, idp: DevIdP) -> None:
    page.goto(f"{idp.url}/_devidp/")
    page.get_by_text("live", exact=True).wait_for()


def _refused(page: Page, idp: DevIdP) -> None:
    page.goto(f"{idp.url}/_devidp/flows/{idp.events('authorize', status=400)[0].id}")


def _flow(page: Page, idp: DevIdP) -> None:
    page.goto(f"{idp.url}/_devidp/flows/{idp.events('token', user='bob')[0].flow}")


def _token(page: Page, idp: DevIdP) -> None:
    page.goto(f"{idp.url}/_devidp/tokens/inspect")
    page.get_by_role("textbox").first.fill(idp.token(user="alice", fault="expired"))
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_load_state()


def _faults(page: Page, idp: DevIdP) -> None:
    page.goto(f"{idp.url}/_devidp/controls/faults")


def named(text: str) -> list[str]:
    """The pictures that a page of the documentation shows."""
    return re.findall(r"!\[[^\]]+\]\((?:docs/)?images/([a-z-]+)\.png\)", text)


if __name__ == "__main__":
    with chromium() as started:
        sys.stdout.write(" ".join(pictures(FOLDER, started)) + "\n")

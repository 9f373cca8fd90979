"""The seed on the dashboard: in force or not, its mistakes in their lines, and none of its secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from devidp import DevIdP
from devidp.seed import shipped_path
from tests.dashboard.browser import LARGEST_PAGE, Looker, check_everywhere
from tests.dashboard.people import run
from tests.dashboard.visitor import Visitor

PAGE = "/controls/seed"
CLIENT = "clients: {app: {secret_file: secret.txt, redirect_uris: ['http://localhost/cb']}}\n"


def test_no_secret_is_shown(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text("users:\n  zoe:\n    password: hunter2\n" + CLIENT)
    (tmp_path / "secret.txt").write_text("hunter3")
    with DevIdP(seed) as idp, Visitor(idp) as visitor:
        page = visitor.get(PAGE).text
        assert "in force" in page
        assert "secret.txt" in page
        assert "password: …" in page
        seed.write_text("users:\n  zoe:\n    password: hunter2\n  : [\n" + CLIENT)
        broken = visitor.get(PAGE).text
        assert "this is not YAML" in broken
        assert "it is not shown" in broken
        for number in range(3):
            assert "hunter" not in visitor.get(PAGE, file=str(number)).text + broken


@pytest.mark.parametrize("text", [True, False])
def test_a_seed_that_is_no_file_says_so(text: bool) -> None:
    with (
        DevIdP("users: {zoe: {password: hunter2}}" if text else {"users": {"zoe": {}}}) as idp,
        Visitor(idp) as visitor,
    ):
        page = visitor.get(PAGE).text
        assert ("A program made it" in page, "password: …" in page) == (not text, text)
        assert "in force" in page


def test_a_long_seed_comes_in_pages(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    users = "".join(f"  user-{number}: {{}}\n" for number in range(3000))
    seed.write_text(f"users:\n{users}")
    with DevIdP(seed) as idp, Visitor(idp) as visitor:
        seed.write_text(f"users:\n{users}userz: {{}}\n")
        first = visitor.get(PAGE)
        assert "?file=0&amp;page=21#L3002" in first.text
        last = visitor.get(PAGE, file="0", page="21")
        assert 'id="L3002" class="wrong"' in last.text
        assert max(len(first.content), len(last.content)) <= LARGEST_PAGE


def test_the_calls_beside_it_say_the_same(tmp_path: Path) -> None:
    seed = tmp_path / "seed file.yaml"
    seed.write_text(CLIENT.replace("secret_file: secret.txt", "public: true"))
    with DevIdP(seed) as idp, Visitor(idp) as visitor:
        (command, check), (call,) = visitor.calls(PAGE, "seed")
        assert run(command).endswith("in force\n")
        assert "ok, 1 issuer" in run(check)
        assert '"in_force":true' in run(call).replace(" ", "")


def test_a_mistake_is_found_in_its_line_by_everybody(browser: Browser, tmp_path: Path) -> None:
    shipped = shipped_path().read_text(encoding="utf-8")
    first, second = tmp_path / "seed.yaml", tmp_path / "seed.ci.yaml"
    first.write_text(shipped)
    second.write_text("issuers: {enterprise: {profile: okta}}\n")
    with DevIdP([first, second]) as idp:
        look = Looker(browser, idp.url)
        page = look(f"/_devidp{PAGE}")
        check_everywhere(page, "seed")
        first.write_text(shipped.replace("redirect_uris", "redirect_urls", 1))
        page.reload()
        page.get_by_role("link", name="line").first.click()
        expect(page.locator("li.wrong:has(p)").first).to_be_visible()
        expect(page.get_by_text("did you mean 'redirect_uris'?").first).to_be_visible()
        check_everywhere(page, "seed-mistakes")
        look.close()

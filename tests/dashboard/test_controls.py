"""The controls on the dashboard: what each button does, and that the calls beside it do the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from devidp import DevIdP
from tests.dashboard.browser import LARGEST_PAGE, Looker, check_everywhere
from tests.dashboard.people import run
from tests.dashboard.visitor import Visitor

CLOCK, KEYS, PUBLIC_URL, RESET = (f"/controls/{name}" for name in ("clock", "keys", "public-url", "reset"))
ANOTHER = "http://localhost:32768"


@pytest.fixture
def visitor(idp: DevIdP) -> Iterator[Visitor]:
    with Visitor(idp) as visitor:
        yield visitor


def clock(idp: DevIdP) -> tuple[int, bool]:
    """Whole hours ahead of the machine, and whether it stands."""
    state = idp.control.clock.state
    return round(state.offset / 3600), state.frozen_at is not None


def year(idp: DevIdP) -> int:
    return int(1970 + idp.clock.now() // (365.2425 * 86400))


def keys(idp: DevIdP) -> list[tuple[str, bool]]:
    return [(key.state, key.published) for key in idp.keys.list("enterprise")]


ACTIONS: list[tuple[str, dict[str, str], str, int, Callable[[DevIdP], Any], Any]] = [
    (CLOCK, {"advance": "2h"}, "advance-same", 0, clock, (2, False)),
    (CLOCK, {"set": "1896091200"}, "set-same", 0, year, 2030),
    (CLOCK, {"action": "freeze"}, "stop-same", 0, clock, (0, True)),
    (KEYS, {"action": "rotate"}, "rotate", 0, keys, [("active", True), ("published", True)]),
    (KEYS, {"action": "rotate-late"}, "rotate-late", 0, keys, [("active", False), ("published", True)]),
    (KEYS, {"action": "rotate-at-once"}, "rotate-at-once", 0, keys, [("active", True), ("retired", False)]),
    (PUBLIC_URL, {"url": ANOTHER}, "set", 0, lambda idp: idp.control.public_url, ANOTHER),
]
"""The page, what is pressed, where its calls are, which line of them, and what is so then."""


@pytest.mark.parametrize(("path", "fields", "name", "line", "effect", "expected"), ACTIONS)
def test_a_button_and_the_calls_beside_it_do_the_same(
    idp: DevIdP,
    visitor: Visitor,
    path: str,
    fields: dict[str, str],
    name: str,
    line: int,
    effect: Callable[[DevIdP], Any],
    expected: Any,
) -> None:
    before = effect(idp)
    cli, curl = visitor.calls(path, name, issuer="enterprise")
    for do in (
        lambda: visitor.post(path, issuer="enterprise", **fields).raise_for_status(),
        lambda: run(cli[line]),
        lambda: run(curl[line]),
    ):
        do()
        assert effect(idp) == expected
        idp.reset(keys=True)
        assert effect(idp) == before


def test_a_clock_that_was_moved_goes_on_and_comes_back(idp: DevIdP, visitor: Visitor) -> None:
    cli, curl = visitor.calls(CLOCK, "stop-same")
    for resume, reset in (
        (lambda: visitor.post(CLOCK, action="resume"), lambda: visitor.post(CLOCK, action="reset")),
        (lambda: run(cli[1]), lambda: run(cli[2])),
        (lambda: run(curl[1]), lambda: run(curl[2])),
    ):
        idp.clock.advance("2h")
        idp.clock.freeze()
        resume()
        assert clock(idp) == (2, False)
        reset()
        assert clock(idp) == (0, False)


@pytest.mark.parametrize("way", ["button", "cli", "curl"])
def test_one_key_is_hidden_activated_retired_and_deleted(idp: DevIdP, visitor: Visitor, way: str) -> None:
    """As the page offers it at each moment."""
    old = idp.keys.active().kid
    idp.keys.rotate()

    def do(action: str, row: int) -> None:
        cli, curl = visitor.calls(KEYS, f"key-{row}")
        lines = {"cli": cli, "curl": curl}
        if way == "button":
            visitor.post(KEYS, action=action, kid=old, issuer="default").raise_for_status()
        else:
            run(next(each for each in lines[way] if action in each))

    do("hide", 2)
    assert [key.published for key in idp.keys.list()] == [True, False]
    do("publish", 2)
    do("activate", 2)
    assert idp.keys.active().kid == old
    idp.keys.activate(idp.keys.list()[0].kid)
    do("retire", 2)
    assert idp.keys.list()[1].state == "retired"
    do("delete", 2)
    assert old not in [key.kid for key in idp.keys.list()]


def test_what_is_refused_is_said_beside_what_was_typed(visitor: Visitor) -> None:
    for path, fields, said in (
        (CLOCK, {"advance": "2 fortnights"}, "is not a duration; expected"),
        (CLOCK, {"set": "2030-01-31"}, "expected seconds since the epoch"),
        (CLOCK, {"action": "stop"}, "got nothing, expected"),
        (KEYS, {"action": "delete", "kid": "no-such-key", "issuer": "default"}, "there is no key"),
        (KEYS, {"action": "burn", "issuer": "default"}, "expected one of: rotate"),
        (KEYS, {"action": "rotate", "issuer": "<b>nobody</b>"}, "there is no issuer"),
        (PUBLIC_URL, {"url": "ftp://elsewhere"}, "ftp://elsewhere"),
    ):
        answer = visitor.post(path, **fields)
        assert answer.status_code == 400, fields
        assert said in answer.text
        assert 'role="alert"' in answer.text
        assert "<b>nobody" not in answer.text
        for name, typed in fields.items():
            if name in ("advance", "set", "url"):
                assert f'value="{typed}"' in answer.text


def test_a_reset_forgets_what_the_page_has_listed(idp: DevIdP, visitor: Visitor) -> None:
    def change() -> str:
        idp.login()
        idp.clock.advance("2h")
        idp.users["bob"].disable()
        idp.users.add("carol", password="carol")
        idp.arm("expired", client="web")
        idp.fail("token", error="invalid_grant")
        return idp.keys.active().kid

    cli, curl = visitor.calls(RESET, "reset")
    for plain, with_keys in (
        (lambda: visitor.post(RESET), lambda: visitor.post(RESET, keys="on")),
        (lambda: run(cli[0]), lambda: run(cli[1])),
        (lambda: run(curl[0]), lambda: run(curl[1])),
    ):
        kid = change()
        page = visitor.get(RESET).text
        for said in ("2 hours ahead of", "2 are otherwise than in the seed", "1 waits", "1 browser is logged in"):
            assert said in page
        plain()
        assert idp.control.armed.waiting() == idp.control.failures.waiting() == ()
        assert "carol" not in idp.users
        assert clock(idp) == (0, False)
        assert idp.keys.active().kid == kid
        with_keys()
        assert idp.keys.active().kid != kid


def test_the_overview_says_what_is_otherwise_than_after_the_start(idp: DevIdP, visitor: Visitor) -> None:
    quiet = visitor.get("/controls").text
    for said in ("the machine's time", "None: tokens of real flows are sound", "As in the seed."):
        assert said in quiet
    idp.clock.freeze()
    idp.arm("expired", times=None)
    idp.login()
    idp.fail("jwks", "keys-empty", times=3)
    idp.users["bob"].disable()
    idp.users["alice"].delete()
    idp.users.add("carol", password="carol")
    idp.users.add("<b>zoe")
    idp.keys.rotate(publish=False)
    idp.set_public_url(ANOTHER)
    busy = visitor.get("/controls").text
    for said in (
        "stands still",
        "until cleared, has happened 1",
        "3 times more",
        "carol",
        "alice",
        "is hidden",
        ANOTHER,
    ):
        assert said in busy
    assert "<b>" not in busy


def test_many_keys_and_issuers_come_in_pages() -> None:
    issuers = {f"issuer-{number}": {"path": f"/{number}", "signing_algorithm": "ES256"} for number in range(150)}
    with DevIdP({"issuers": issuers}) as idp, Visitor(idp) as visitor:
        for _ in range(30):
            idp.keys.rotate()
        for path in ("/controls", CLOCK, KEYS, PUBLIC_URL, RESET, "/controls/seed"):
            assert len(visitor.get(path).content) <= LARGEST_PAGE
        assert "31 to 31 of 31" in visitor.get(KEYS, issuer="issuer-0", page="3").text
        assert "issuer-120" in visitor.get(KEYS, issuer="issuer-120", page="9" * 5000).text
        assert visitor.get(KEYS, issuer="nobody").status_code == 404


def test_the_overview_follows_what_others_change(look: Looker, idp: DevIdP) -> None:
    page = look("/_devidp/controls")
    page.get_by_text("live", exact=True).wait_for()
    run(f"devidp clock freeze --url {idp.url}")
    page.get_by_text("stands still").wait_for()


def test_a_page_follows_what_another_page_or_a_program_changes(look: Looker, idp: DevIdP) -> None:
    """Neither of which is an event."""
    context = look.context()
    one, other = look.tab(context), look.tab(context)
    one.goto(f"{look.base}/_devidp{CLOCK}")
    other.goto(f"{look.base}/_devidp{CLOCK}")
    one.get_by_text("live", exact=True).wait_for()
    other.get_by_role("button", name="Freeze").click()
    one.bring_to_front()
    one.get_by_text("stands still").wait_for()
    idp.clock.resume()
    one.get_by_text("goes on").wait_for()
    assert idp.control.events.find() == []


def test_every_page_is_for_everybody(look: Looker, idp: DevIdP) -> None:
    """As after a start, and with everything changed."""
    idp.clock.advance("2h")
    idp.clock.freeze()
    idp.keys.rotate()
    idp.keys.rotate(overlap=False)
    idp.keys.rotate(publish=False)
    page = look("/_devidp/controls")
    check_everywhere(page, "controls")
    for path in (CLOCK, KEYS, PUBLIC_URL, RESET):
        page.goto(f"{look.base}/_devidp{path}")
        for summary in page.locator("main summary").all()[:2]:
            summary.click()
        check_everywhere(page, path.strip("/").replace("/", "-"))


def test_the_clock_is_moved_by_keyboard_and_without_javascript(look: Looker, idp: DevIdP) -> None:
    page = look(f"/_devidp{CLOCK}", javascript=False)
    page.get_by_label("By", exact=True).fill("1h30m")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("The clock was moved").wait_for()
    assert "1 hour 30 minutes ahead" in page.locator("#face").inner_text()
    page.get_by_role("button", name="Access token of default").press("Enter")
    assert "2 hours 30 minutes 1 second ahead" in page.locator("#face").inner_text()

"""Armed faults and failures on the dashboard: found, chosen, added, counted and cleared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.faults.arming import ISSUED
from devidp.faults.failures import FAILURES
from devidp.web.control.scripted import ScriptedAnswers
from tests.dashboard.browser import LARGEST_PAGE, Looker, check_everywhere
from tests.dashboard.people import run
from tests.dashboard.visitor import Visitor

PAGES = {"faults": "/controls/faults", "failures": "/controls/failures"}
HOSTILE = "\u202e</p><script>alert(1)</script>" + "w" * 300
ADDED: list[tuple[str, dict[str, str]]] = [
    (
        "faults",
        {"name": "signature-bad", "where": "id", "times": "3", "client": "web", "user": "alice", "probability": "0.5"},
    ),
    ("faults", {"name": "audience-wrong", "always": "on", "grant": "refresh_token", "issuer": "default"}),
    ("failures", {"name": "keys-empty", "where": "jwks"}),
    (
        "failures",
        {"name": "error", "where": "token", "error": "invalid_grant", "description": "it's 'so'", "status": "400"},
    ),
    ("failures", {"name": "unavailable", "where": "token", "retry_after": "7", "always": "on"}),
    ("failures", {"name": "iss-wrong", "where": "authorize", "state": "-x y"}),
]


@pytest.fixture
def visitor(idp: DevIdP) -> Iterator[Visitor]:
    with Visitor(idp) as visitor:
        yield visitor


def answers(idp: DevIdP, area: str) -> ScriptedAnswers:
    return idp.control.armed if area == "faults" else idp.control.failures


@pytest.mark.parametrize(("area", "fields"), ADDED)
def test_what_a_form_adds_and_clears_is_what_the_calls_beside_it_do(
    idp: DevIdP, visitor: Visitor, area: str, fields: dict[str, str]
) -> None:
    visitor.post(PAGES[area], **fields).raise_for_status()
    (added,) = answers(idp, area).waiting()
    assert (added.name, added.endpoint) == (fields["name"], fields["where"] if area == "failures" else "")
    shown = visitor.calls(PAGES[area], f"{area}-{added.id}")
    visitor.post(f"{PAGES[area]}/clear", id=str(added.id))
    assert answers(idp, area).waiting() == ()
    for way, (add, _) in enumerate(shown):
        run(add)
        (again,) = answers(idp, area).waiting()
        assert replace(again, id=added.id) == added
        run(visitor.calls(PAGES[area], f"{area}-{again.id}")[way][1])
        assert answers(idp, area).waiting() == ()


@pytest.mark.parametrize("area", PAGES)
def test_all_are_cleared_by_one_button_or_call(idp: DevIdP, visitor: Visitor, area: str) -> None:
    def add() -> None:
        idp.arm("expired")
        idp.arm("id-expired")
        idp.fail("token", error="invalid_grant")

    add()
    (cli,), (curl,) = visitor.calls(PAGES[area], "clear-all")
    for clear in (lambda: visitor.post(f"{PAGES[area]}/clear"), lambda: run(cli), lambda: run(curl)):
        clear()
        assert answers(idp, area).waiting() == ()
        idp.reset()
        add()


@pytest.mark.parametrize("area", PAGES)
def test_the_calls_beside_the_form_add_what_is_chosen(idp: DevIdP, visitor: Visitor, area: str) -> None:
    name = "expired" if area == "faults" else "rate-limited"
    where = {} if area == "faults" else {"where": "token"}
    for lines in visitor.calls(PAGES[area], "add", name=name, client="web", times="2", **where):
        run(lines[0])
        (added,) = answers(idp, area).waiting()
        assert (added.name, added.match.client, added.times) == (name, "web", 2)
        idp.reset()


def test_how_often_it_has_happened_is_seen(idp: DevIdP, visitor: Visitor) -> None:
    idp.arm("expired", times=3)
    idp.fail("jwks", "keys-empty")
    assert "has not happened yet" in visitor.get(PAGES["faults"]).text
    for _ in range(2):
        idp.login()
    httpx.get(idp.jwks_uri)
    assert "has happened 2 times" in visitor.get(PAGES["faults"]).text
    assert "once more" in visitor.get(PAGES["faults"]).text
    assert all(said in visitor.get(PAGES["failures"]).text for said in ("has happened once", ">over<"))


@pytest.mark.parametrize(
    ("area", "fields", "said"),
    [
        ("faults", {"name": "no-such"}, "there is no fault"),
        ("faults", {"name": "expired", "times": "often"}, "expected a whole number"),
        ("faults", {"name": "expired", "times": "2", "always": "on"}, "contradict each other"),
        ("faults", {"name": "expired", "probability": "2"}, "up to 1"),
        ("faults", {"name": "expired", "client": "nobody"}, "there is no client"),
        ("faults", {"name": "expired", "client": HOSTILE}, "there is no client"),
        ("failures", {"name": "no-such"}, "there is no failure"),
        ("failures", {"name": "status", "where": "token", "status": "99"}, "from 200 to 599"),
        ("failures", {"name": "keys-empty", "where": "token"}, "cannot happen at token"),
        ("failures", {"name": "slow", "where": "token", "seconds": "long"}, "expected a number"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(
    idp: DevIdP, visitor: Visitor, area: str, fields: dict[str, str], said: str
) -> None:
    answer = visitor.post(PAGES[area], **fields)
    assert answer.status_code == 400
    assert said in answer.text
    assert "<script>alert" not in answer.text
    assert "\u202e" not in answer.text.replace('value="\u202e', "")
    assert answers(idp, area).waiting() == ()
    for name, typed in fields.items():
        if name in ("client", "times", "probability", "status", "seconds") and "<" not in typed:
            assert f'value="{typed}"' in answer.text


def test_everything_that_can_be_armed_or_scripted_is_found_by_its_name(visitor: Visitor) -> None:
    known: dict[str, Any] = {
        "faults": [name for name, fault in FAULTS.items() if set(fault.applies_to) & set(ISSUED)],
        "failures": list(FAILURES),
    }
    for area, names in known.items():
        seen = ""
        for number in range(1, 5):
            page = visitor.get(PAGES[area], page=str(number))
            assert len(page.content) <= LARGEST_PAGE
            seen += page.text
        for name in names:
            assert f"name={name}#add" in seen
        assert visitor.get(PAGES[area], name="no-such").status_code == 404
    found = visitor.get(PAGES["faults"], q="exp missing").text
    assert "name=exp-missing#" in found
    assert "name=audience-missing#" not in found
    assert "name=exp-missing#" not in visitor.get(PAGES["faults"], q="exp missing", group="audience").text
    assert "None has all of these words" in visitor.get(PAGES["failures"], q=HOSTILE).text


def test_a_thousand_that_wait_are_no_endless_page(idp: DevIdP, visitor: Visitor) -> None:
    for number in range(300):
        idp.arm("expired", client="web", state=f"{HOSTILE}{number}")
    page = visitor.get(PAGES["faults"])
    assert len(page.content) <= LARGEST_PAGE
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("number", ["99", "x", "", "9" * 5000, "-1"])
def test_what_is_there_no_longer_takes_nothing_else_away(idp: DevIdP, visitor: Visitor, number: str) -> None:
    idp.arm("expired")
    assert "It waits no longer" in visitor.post("/controls/faults/clear", id=number).text
    assert len(idp.control.armed.waiting()) == 1


def test_a_fault_is_found_and_armed_without_javascript(look: Looker, idp: DevIdP) -> None:
    page = look(f"/_devidp{PAGES['faults']}", javascript=False)
    page.get_by_label("Search").fill("audience missing")
    page.keyboard.press("Enter")
    page.wait_for_url("**/faults?*audience*")  # the page of before has that link, too
    page.get_by_role("link", name="Choose audience-missing").press("Enter")
    page.get_by_label("Client").fill("web")
    page.get_by_role("button", name="Arm audience-missing").press("Enter")
    page.get_by_role("status").get_by_text("audience-missing waits").wait_for()
    assert [(each.name, each.match.client) for each in idp.control.armed.waiting()] == [("audience-missing", "web")]
    page.get_by_role("button", name="Clear audience-missing").press("Enter")
    page.get_by_text("Nothing: tokens are sound").wait_for()


def test_it_is_seen_when_it_happens(look: Looker, idp: DevIdP) -> None:
    idp.arm("expired", times=2)
    page = look(f"/_devidp{PAGES['faults']}")
    page.get_by_text("live", exact=True).wait_for()
    idp.login()
    page.get_by_text("has happened once").wait_for()


def test_every_state_of_the_pages_is_for_everybody(look: Looker, idp: DevIdP) -> None:
    page = look(f"/_devidp{PAGES['faults']}")
    check_everywhere(page, "faults-none")
    idp.arm("expired", client="web", times=3)
    idp.arm("audience-wrong", user="alice", client="spa", probability=0.5, times=None, state=HOSTILE)
    idp.login()
    idp.fail("jwks", "keys-empty")
    httpx.get(idp.jwks_uri)
    page.goto(f"{look.base}/_devidp{PAGES['faults']}?group=state")
    page.locator("main summary").first.click()
    check_everywhere(page, "faults")
    page.goto(f"{look.base}/_devidp{PAGES['failures']}?name=error&group=redirect")
    page.locator("#add summary").click()
    check_everywhere(page, "failures-chosen")

"""Users on the dashboard: found, added, changed, disabled, brought back; each by a person and by the calls shown."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from devidp import DevIdP
from devidp.models import User
from devidp.system.passwords import matches
from tests.dashboard.browser import LARGEST_PAGE, Looker, check, check_everywhere
from tests.dashboard.people import authorize_url, post, run
from tests.dashboard.visitor import Visitor
from tests.shipped import Start

PATH = "/_devidp/controls/users"
HOSTILE = "<script>alert(1)</script>\u202e\u200b" + "w" * 300


def one(username: str, **more: str) -> str:
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{PATH}/one?username={username}{query}"


def test_a_user_with_a_second_factor_is_added_and_logs_in(look: Looker) -> None:
    context = look.context()
    page = look.tab(context)
    page.goto(f"{look.base}{PATH}")
    check_everywhere(page, "users")
    page.get_by_role("link", name="Add a user").click()
    check_everywhere(page, "users-new")
    page.get_by_label("User name").fill("carol")
    page.get_by_label("Name", exact=True).fill("Carol Jones")
    page.get_by_label("E-mail").fill("carol@acme.example")
    page.get_by_label("Roles").fill("auditor, lead")
    page.get_by_label("Second factor").select_option("totp")
    page.get_by_role("button", name="Add the user").click()
    page.get_by_text("carol was added").wait_for()
    check_everywhere(page, "users-added")
    code = page.locator("#factor .clock").inner_text()
    login = look.tab(context)
    login.goto(authorize_url(look.base, acr_values="2"))
    login.get_by_role("button", name="Carol Jones").click()
    login.get_by_label("Code of your authenticator").fill(code)
    login.get_by_role("button", name="Continue").click()
    expect(login.get_by_role("button", name="Allow")).to_be_visible()
    page.reload()
    assert "1 session" in page.locator("#got").inner_text()


def test_a_user_is_added_by_keyboard_alone(look: Looker, idp: DevIdP) -> None:
    page = look(f"{PATH}/new")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    for _ in range(30):
        if page.evaluate("document.activeElement.id") == "username":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("dave")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="dave").wait_for()
    assert "dave" in idp.users


def test_claims_are_edited_as_json_and_a_mistake_keeps_what_was_typed(look: Looker, idp: DevIdP) -> None:
    page = look(one("bob"))
    typed = '{\n  "name": "Bob",\n  "age": 7,\n}'
    page.get_by_label("What tokens and UserInfo").fill(typed)
    look.expected.append("400")
    page.get_by_role("button", name="Save the claims").click()
    alert = page.get_by_role("alert").inner_text()
    assert "line 4, column 1" in alert
    assert "no comma before" in alert
    assert page.get_by_label("What tokens and UserInfo").input_value() == typed
    check_everywhere(page, "users-claims-wrong")
    with page.expect_response(lambda answer: "users/one" in answer.url) as renewed:
        httpx.get(f"{idp.url}/health")  # a refused form is an address that can be looked at again
    assert renewed.value.status == 200
    page.get_by_label("What tokens and UserInfo").fill(typed.replace("7,", "7"))
    page.get_by_role("button", name="Save the claims").click()
    assert idp.users["bob"].record.claims == {"name": "Bob", "age": 7}
    expect(page.get_by_text("not as in the seed")).to_be_visible()


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ("[1]", "expected an object"),
        ('{"a": 1, "a": 2}', "came more than once"),
        ('{"a": NaN}', "no JSON"),
        ('{"sub": "x"}', "comes from the key"),
        ("{'a': 1}", "double quotes"),
    ],
)
def test_wrong_claims_are_explained(start: Start, claims: str, why: str) -> None:
    answer = post(start(), one("bob"), username="bob", issuer="", action="claims", claims=claims)
    assert answer.status_code == 400
    assert why in answer.text


def test_simple_fields_change_only_what_was_typed(start: Start) -> None:
    flow = start(users={"bob": {"claims": {"roles": ["a", "b"], "name": "Bob", "level": 3}}})
    before = flow.runtime.first().settings.users["bob"]
    fields = {"username": "bob", "issuer": "", "action": "change", "name": "Bob B", "email": "", "roles": "a, b",
              "groups": "", "sub": "bob", "mfa": "none", "granting": "these",
              "scopes": " ".join(sorted(before.scopes or ()))}  # fmt: skip
    given = dict(before.claims)
    fields["email"] = str(given.get("email", ""))
    assert post(flow, one("bob"), **fields).status_code == 303
    after = flow.runtime.first().settings.users["bob"]
    assert dict(after.claims) == {**given, "name": "Bob B"}
    assert (after.scopes, after.sub) == (before.scopes, before.sub)
    assert matches(after, "bob")
    assert (
        post(flow, one("bob"), **{**fields, "granting": "every", "email": "", "no_password": "yes"}).status_code == 303
    )
    after = flow.runtime.first().settings.users["bob"]
    assert (after.scopes, after.has_password, "email" in after.claims) == (None, False, False)


def test_a_user_is_disabled_brought_back_and_deleted(look: Looker, idp: DevIdP) -> None:
    page = look(one("bob"))
    page.get_by_role("button", name="Disable").click()
    page.get_by_text("bob is disabled").wait_for()
    check(page, "users-disabled")
    assert [each.disabled for each in idp.users["bob"].find().values()] == [True, True]
    page.get_by_role("button", name="Back to the seed").click()
    page.get_by_text("as the seed has it").wait_for()
    assert [each.disabled for each in idp.users["bob"].find().values()] == [False, False]
    page.get_by_role("button", name="Delete").click()
    page.get_by_text("bob was deleted").wait_for()
    check_everywhere(page, "users-deleted")
    page.get_by_role("button", name="Bring back").click()
    page.get_by_role("heading", level=1, name="bob").wait_for()
    assert "bob" in idp.users


def test_one_issuer_alone_can_be_meant(start: Start) -> None:
    flow = start()
    post(flow, one("bob"), username="bob", issuer="enterprise", action="disable")
    disabled = {each.name: each.settings.users["bob"].disabled for each in flow.runtime.issuers}
    assert disabled == {"default": False, "enterprise": True}
    gone = post(flow, one("bob"), username="bob", issuer="enterprise", action="delete")
    assert "bob was deleted" in flow.http.get(gone.headers["Location"]).text


def test_what_was_agreed_to_is_asked_again(start: Start) -> None:
    flow = start()
    flow.tokens(client="spa", scope="openid mcp:read")
    assert "mcp:read" in flow.http.get(one("alice")).text
    post(flow, one("alice"), username="alice", issuer="", action="forget", client="spa")
    assert flow.authorize(client_id="spa", scope="openid").status_code == 200


def test_the_calls_beside_a_consent_forget_that_one() -> None:
    client = {"public": True, "redirect_uris": ["http://localhost:3000/cb"]}
    with DevIdP({"clients": {"true": client, "web": client}, "users": {"alice": {}}}) as idp, Visitor(idp) as visitor:
        for kind in (0, 1):
            for name in ("true", "web"):
                idp.login("alice", client=name, scope="openid")
            lines = visitor.calls("/controls/users/one", "forget", username="alice")
            run(lines[kind][0])
            assert [each.client for each in idp.users["alice"].consents()] == ["web"]


def test_many_users_come_in_pages_with_search(start: Start) -> None:
    picture = "data:image/png;base64," + "A" * 12_000
    people = {f"user-{number:05}": {"claims": {"name": f"Person {number}"}} for number in range(10_000)}
    for name in list(people)[:20]:
        people[name]["claims"]["picture"] = picture
    flow = start(users=people)
    assert len(flow.http.get(one("user-00000")).data) <= LARGEST_PAGE
    for path in ("", "?page=200", "?q=person+99"):
        answer = flow.http.get(f"{PATH}{path}")
        assert len(answer.data) <= LARGEST_PAGE
        assert 'rel="' in answer.text
    assert flow.http.get(f"{PATH}?q=person+9999").text.count("user-09999") == 2
    assert "Nobody has" in flow.http.get(f"{PATH}?q=nobody").text


def test_hostile_names_do_nothing(look: Looker, idp: DevIdP) -> None:
    idp.users.add("grace", claims={"name": HOSTILE, "email": HOSTILE, "roles": [HOSTILE]})
    check(look(PATH), "users-hostile")
    page = look(one("grace"))
    check_everywhere(page, "user-hostile")
    assert json.loads(page.get_by_label("What tokens and UserInfo").input_value())["name"] == HOSTILE


def shown(page: Page, place: str, way: str) -> list[str]:
    page.locator(f"#{place} > summary").click()
    return page.locator(f"#{place}-{way}").inner_text().splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("way", ["cli", "http"])
def test_the_calls_that_are_shown_do_the_same(look: Looker, idp: DevIdP, way: str) -> None:
    def record() -> User:
        return idp.users["bob"].record

    def then(place: str, path: str, line: int, fact: Callable[[], bool]) -> None:
        page = look(path, javascript=False)
        run(shown(page, place, way)[line])
        assert fact(), place

    before = record()
    then("change", one("bob"), 0, lambda: record() == before)
    then("claims-same", one("bob"), 0, lambda: record().claims == before.claims)
    then("stay", one("bob"), 0, lambda: record().disabled)
    then("stay", one("bob"), 1, lambda: not record().disabled)
    then("stay", one("bob", issuer="enterprise"), -1, lambda: len(idp.users["bob"].find()) == 1)
    then("stay", one("bob"), -1, lambda: "bob" not in idp.users)
    then("add", f"{PATH}/new", 0, lambda: "carol" in idp.users)
    idp.login("alice")
    then("revoke", one("alice"), 0, lambda: idp.sessions.find("alice") == [])


def test_claims_that_nobody_sees_are_set_by_the_command_that_is_shown(idp: DevIdP) -> None:
    claims = {"name": "\u202eb\u200bob", "note": "two\nlines"}
    idp.users["bob"].change(claims=claims)
    with Visitor(idp) as visitor:
        (line, *_), _ = visitor.calls("/controls/users/one", "claims-same", username="bob")
    idp.users["bob"].change(claims={})
    run(line)
    assert idp.users["bob"].record.claims == claims

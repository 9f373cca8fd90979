"""Clients on the dashboard: of the seed, added, registered and by document; by a person and by the calls shown."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from devidp import DevIdP
from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError
from tests.dashboard.browser import LARGEST_PAGE, Looker, check, check_everywhere
from tests.dashboard.people import post, run
from tests.flow import Flow
from tests.shipped import Start

PATH = "/_devidp/controls/clients"
HOSTILE = "<script>alert(1)</script>\u202e\u200b" + "w" * 300
DOCUMENT = "https://client.example/metadata"


def one(client_id: str, **more: str) -> str:
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{PATH}/one?client_id={client_id}{query}"


def test_a_client_is_added_and_changed_by_a_person(look: Looker, idp: DevIdP) -> None:
    page = look(PATH)
    check_everywhere(page, "clients")
    page.get_by_role("link", name="Add a client").click()
    check_everywhere(page, "clients-new")
    page.get_by_label("client_id").fill("my-app")
    page.get_by_label("Redirect URIs").fill("http://localhost:5173/callback\nhttp://localhost:5173/silent")
    page.get_by_role("button", name="Add the client").click()
    page.get_by_text("my-app was added").wait_for()
    check_everywhere(page, "client-added")
    page.get_by_label("Name").fill("My application")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Changed: name").wait_for()
    record = idp.clients["my-app"].record
    assert (record.name, record.public, len(record.redirect_uris)) == ("My application", True, 2)


def test_settings_are_edited_as_json_and_a_mistake_keeps_what_was_typed(look: Looker, idp: DevIdP) -> None:
    page = look(one("web"))
    field = page.get_by_label("With the keys of the seed")
    entry = json.loads(field.input_value())
    field.fill(json.dumps({**entry, "dpop_bounf": True}))
    look.expected.append("400")
    page.get_by_role("button", name="Save the settings").click()
    assert "did you mean 'dpop_bound'" in page.get_by_role("alert").inner_text()
    assert "dpop_bounf" in field.input_value()
    check_everywhere(page, "client-wrong")
    field.fill(json.dumps({**entry, "dpop_bound": True}))
    page.get_by_role("button", name="Save the settings").click()
    page.get_by_text("Changed: dpop_bound").wait_for()
    assert idp.clients["web"].record.dpop_bound
    check(page, "client-changed")
    page.get_by_role("button", name="Take the changes back").click()
    page.get_by_text("as it was before").wait_for()
    assert [each.dpop_bound for each in idp.clients["web"].find().values()] == [False, False]


def test_a_client_that_registered_says_where_and_when(look: Looker, idp: DevIdP) -> None:
    body = {"redirect_uris": ["http://localhost:5555/callback"], "client_name": HOSTILE}
    registered = httpx.post(f"{idp.url}/default/register", json=body).json()
    page = look(f"{PATH}/registered")
    expect(page.get_by_text("no token yet")).to_be_visible()
    check_everywhere(page, "clients-registered")
    page.get_by_role("table").get_by_role("link").click()
    about = page.get_by_role("region", name="About").inner_text()
    assert registered["client_id"] in about
    assert "at default, 20" in about
    check_everywhere(page, "client-registered")
    page.get_by_role("button", name="Disable").click()
    page.get_by_text("is disabled: refused").wait_for()
    page.get_by_role("button", name="Take the changes back").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_text("was deleted").wait_for()
    assert idp.clients.registered() == []


def test_no_page_shows_a_secret(start: Start) -> None:
    flow = start()
    secret = flow.http.post("/default/register", json={"redirect_uris": ["http://localhost:5555/callback"]}).get_json()
    for client_id, text in (("web", "web-secret"), (secret["client_id"], secret["client_secret"])):
        page = flow.http.get(one(client_id)).text
        assert "which no page shows" in page
        assert text not in page
        refused = post(flow, one(client_id), client_id=client_id, issuer="", action="change", name="x", secret="s",
                       redirect_uris="javascript:x")  # fmt: skip
        assert refused.status_code == 400
        assert 'value="s"' not in refused.text


def test_another_secret_is_in_force_at_once(start: Start) -> None:
    flow = start()
    uris = " ".join(flow.issuer.settings.clients["web"].redirect_uris)
    fields = {"client_id": "web", "issuer": "", "action": "change", "redirect_uris": uris,
              "name": flow.issuer.settings.clients["web"].name}  # fmt: skip
    assert post(flow, one("web"), **fields, secret="another").status_code == 303
    assert flow.issuer.settings.clients["web"].secret == "another"
    post(flow, one("web"), client_id="web", issuer="enterprise", action="disable")
    assert [each.settings.clients["web"].disabled for each in flow.runtime.issuers] == [False, True]


def test_a_client_with_a_document_is_disabled_and_not_deleted(start: Start) -> None:
    flow = start({"client_id_metadata_documents": {"unfetchable": "loopback"}})
    flow.http.get("/default/authorize", query_string={"client_id": DOCUMENT})
    assert DOCUMENT in flow.http.get(f"{PATH}/documents").text
    page = flow.http.get(one(DOCUMENT)).text
    assert "not fetched" in page
    assert 'value="delete"' not in page
    with pytest.raises(ControlError, match="disable it"):
        Controller(flow.runtime).clients[DOCUMENT].delete()
    post(flow, one(DOCUMENT), client_id=DOCUMENT, issuer="", action="disable")
    assert flow.issuer.client(DOCUMENT) is None


def test_many_clients_come_in_pages_with_search(start: Start) -> None:
    entry = {"public": True, "redirect_uris": ["http://localhost:5173/callback"]}
    flow = start(clients={f"client-{number:04}": entry for number in range(2_000)})
    for number in range(60):
        body = {"redirect_uris": ["http://localhost:5555/callback"], "client_name": f"Tool {number}"}
        flow.http.post("/default/register", json=body)
    for path in ("", "?page=40", "?q=client-19", "/registered", "/registered?q=tool"):
        answer = flow.http.get(f"{PATH}{path}")
        assert len(answer.data) <= LARGEST_PAGE
        assert 'rel="' in answer.text
    assert flow.http.get(f"{PATH}/registered?q=tool+59").text.count("Tool 59") == 1
    assert "None has" in flow.http.get(f"{PATH}?q=nothing").text


def test_a_deleted_client_is_brought_back(start: Start) -> None:
    flow: Flow = start()
    post(flow, one("web"), client_id="web", issuer="", action="delete")
    assert "Bring back" in flow.http.get(PATH).text
    post(flow, PATH, client_id="web")
    assert "web" in flow.issuer.settings.clients


def shown(page: Page, place: str, way: str) -> list[str]:
    return (page.locator(f"#{place}-{way}").text_content() or "").splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("way", ["cli", "http"])
def test_the_calls_that_are_shown_do_the_same(look: Looker, idp: DevIdP, way: str) -> None:
    def then(place: str, path: str, line: int, fact: Callable[[], bool]) -> None:
        run(shown(look(path, javascript=False), place, way)[line])
        assert fact(), place

    before = idp.clients["web"].record
    then("change", one("web"), 0, lambda: idp.clients["web"].record == before)
    then("entry-same", one("web"), 0, lambda: idp.clients["web"].record == before)
    then("stay", one("web"), 0, lambda: idp.clients["web"].record.disabled)
    then("stay", one("web"), 1, lambda: not idp.clients["web"].record.disabled)
    then("stay", one("web", issuer="enterprise"), -1, lambda: len(idp.clients["web"].find()) == 1)
    then("add", f"{PATH}/new", 0, lambda: "my-app" in idp.clients)

"""What people find on the pages: the page of an issuer, users by name and by e-mail, and ways on from an error."""

from __future__ import annotations

import json
import subprocess
import unicodedata

import httpx
import pytest

from devidp import DevIdP
from devidp.seed import SeedError, loads
from tests.flow import Flow, Form, answered
from tests.shipped import Start
from tests.web.pages.document import Document

MANY = {f"user{number}": {"claims": {"email": f"u{number}@many.example"}} for number in range(200)}
ZOE = "zo\u00eb"
DECOMPOSED = unicodedata.normalize("NFD", ZOE)

HOME = "See what is running here"


@pytest.mark.parametrize("path", ["/default", "/default/"])
def test_the_url_of_an_issuer_shows_what_it_is(flow: Flow, path: str) -> None:
    answer = flow.http.get(path)
    assert answer.status_code == 200
    page = Document(answer.text)
    assert page.one("pre").text == "http://localhost:6749/default"
    for link in page.all("a"):
        assert flow.http.get(link["href"]).status_code == 200
    assert f"{flow.issuer.url}/token" in page.text
    assert flow.http.get("/_devidp/api/events?endpoint=issuer").get_json()["events"][0]["status"] == 200


def test_an_address_where_nothing_is_leads_to_the_landing_page(flow: Flow) -> None:
    answer = flow.http.get("/nobody", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    (link,) = [each for each in Document(answer.text).all("a") if each.text == HOME]
    assert "devidp is running" in flow.http.get(link["href"]).text


def test_an_issuer_at_the_root_leaves_the_landing_page(start: Start) -> None:
    flow = start({"path": "/"}, at="")
    assert "devidp is running" in flow.http.get("/").text


def test_an_error_below_a_path_leads_to_the_landing_page_there(start: Start) -> None:
    flow = start(config={"public_url": "http://localhost:6749/base"})
    (link,) = [each for each in Document(flow.authorize(client_id="nobody").text).all("a") if each.text == HOME]
    assert link["href"] == "/base/"
    assert "devidp is running" in flow.http.get(link["href"]).text


def test_the_command_on_the_landing_page_can_be_pasted() -> None:
    seed = {"users": {"alice": None}, "clients": {"web": {"public": True, "redirect_uris": ["http://localhost/"]}}}
    with DevIdP(seed) as idp:
        command = Document(httpx.get(idp.url).text).one("pre").text
        printed = subprocess.run(command, shell=True, capture_output=True, timeout=30, check=True).stdout
        assert json.loads(printed)["claims"]["sub"] == "alice"


def test_elsewhere_it_says_whose_secret_is_missing(start: Start) -> None:
    page = Document(
        start(config={"public_url": "https://idp.example"}).http.get("/", base_url="https://idp.example").text
    )
    assert '-u service:"$SECRET"' in page.one("pre").text
    assert "in the variable SECRET" in page.text


@pytest.mark.parametrize("typed", ["alice@acme.example", " Alice@ACME.example", "alice"])
def test_a_user_logs_in_by_name_or_by_email(flow: Flow, typed: str) -> None:
    page = flow.post(flow.authorize(), username=typed, password="alice")
    assert "code" in answered(flow.finish(page))


def test_an_email_that_two_users_have_is_nobodys(start: Start) -> None:
    flow = start(users={"bob": {"claims": {"email": "alice@acme.example"}}})
    assert "There is no user alice@acme.example" in flow.post(flow.authorize(), username="alice@acme.example").text


@pytest.mark.parametrize("hint", ["bob", "bob@globex.example"])
def test_a_login_hint_puts_the_user_first(flow: Flow, hint: str) -> None:
    page = flow.authorize(login_hint=hint)
    assert Form(page.text).offered["login_as"][0] == "bob"
    assert Form(page.text).offered["username"] == ["bob"]
    assert Form(flow.authorize(login_hint="zoe@nowhere.example").text).offered["username"] == ["zoe@nowhere.example"]


def test_users_can_be_searched_on_the_login_page(start: Start) -> None:
    flow = start(users=MANY)
    page = flow.authorize()
    assert len(page.text) < 60_000
    assert "user150" not in Form(page.text).offered["login_as"]
    found = flow.post(page, find="U150@", search="yes")
    assert Form(found.text).offered["login_as"] == ["user150"]
    assert "code" in answered(flow.finish(flow.post(found, login_as="user150")))
    assert "No user has that" in flow.post(page, find="nobody", search="yes").text
    assert "user0" in flow.post(page, search="yes").text


def test_a_program_finds_any_of_many_users() -> None:
    seed = {"users": MANY, "clients": {"web": {"public": True, "redirect_uris": ["http://localhost/"]}}}
    with DevIdP(seed) as idp:
        assert idp.login("user150")["access_token"]


def test_a_user_name_is_the_same_in_any_form(start: Start) -> None:
    flow = start(users={DECOMPOSED: {"password": "alice", "sub": "zoe"}})
    for typed in (ZOE, DECOMPOSED):
        page = flow.post(flow.authorize(prompt="login"), username=typed, password="alice")
        assert "code" in answered(flow.finish(page))
    api = "/_devidp/api/users"
    assert flow.http.get(f"{api}/{DECOMPOSED}").get_json()["username"] == ZOE
    assert flow.http.patch(f"{api}/{DECOMPOSED}", json={"disabled": True}).get_json()["disabled"] is True
    assert "is disabled" in flow.post(flow.authorize(prompt="login"), username=ZOE).text
    added = unicodedata.normalize("NFD", "Ren\u00e9")
    assert flow.http.post(api, json={"username": added, "password": "x"}).get_json()["username"] == "Ren\u00e9"


def test_references_to_a_user_name_are_the_same_in_any_form() -> None:
    seed = loads(
        f"users: {{{DECOMPOSED}: {{sub: z}}}}\nissuers: {{main: {{auto_approve: {ZOE}}}}}\n"
        f"policy: [{{users: [{ZOE}], deny: [email]}}]\n"
    )
    assert seed.issuers[0].auto_approve == ZOE
    assert seed.policy[0].users == frozenset({ZOE})
    with pytest.raises(SeedError, match="the same name as"):
        loads(f"users: {{{DECOMPOSED}: {{sub: a}}, {ZOE}: {{sub: b}}}}")


def test_a_favicon_needs_no_request(flow: Flow) -> None:
    icon = Document(flow.authorize().text).one("link", rel="icon")
    assert icon["href"].startswith("data:image/svg+xml,%3Csvg")

"""Connect: addresses to copy, the set-up of clients and frameworks, and a client that is waited for until it calls."""

from __future__ import annotations

import html
import json
import re
import shlex
from collections.abc import Iterator

import httpx
import pytest

from devidp import DevIdP
from devidp.connect import CLIENTS
from devidp.connect.tutorials import PAGES, read
from tests.connect.test_recipes import connect
from tests.dashboard.browser import LARGEST_PAGE, Looker, check, check_everywhere
from tests.dashboard.visitor import Visitor
from tests.frameworks.project import DEVIDP, Page

CODE = re.compile(r'<code dir="ltr" id="(\w+)-\d+">([^<]*)</code>')
HOSTILE = "\u202e<script>alert(1)</script>"


@pytest.fixture
def visitor(idp: DevIdP) -> Iterator[Visitor]:
    with Visitor(idp) as visitor:
        yield visitor


def pasted(page: str, kind: str) -> list[str]:
    return [html.unescape(text) for found, text in CODE.findall(page) if found == kind]


@pytest.mark.parametrize("issuer", ["default", "enterprise"])
def test_the_addresses_are_those_of_the_metadata(idp: DevIdP, visitor: Visitor, issuer: str) -> None:
    base = f"{idp.url}/{issuer}"
    document = httpx.get(f"{base}/.well-known/openid-configuration").json()
    page = visitor.get("/connect", issuer=issuer).text
    for url in (*(value for value in document.values() if str(value).startswith("http")), base):
        assert f">{url}</code>" in page
    for member in ("scopes_supported", "grant_types_supported", "token_endpoint_auth_methods_supported"):
        for value in document[member]:
            assert value in page


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_is_told_what_the_command_prints(visitor: Visitor, client: str) -> None:
    page = visitor.get("/connect", client=client, url="HTTP://localhost:3000/mcp?a='b'", name="my server")
    assert page.status_code == 200
    (command,) = (html.unescape(found) for found in re.findall('id="connect-cli">([^<]+)<', page.text))
    _, _, *words = shlex.split(command)
    printed = connect(*words).output
    snippets = pasted(page.text, "snippet")
    assert snippets
    assert all(each in printed for each in snippets)
    assert ("calls from its vendor" in page.text) == ("NOTE" in printed)


@pytest.mark.parametrize("framework", PAGES)
def test_a_framework_is_told_what_its_page_says_with_these_addresses(
    idp: DevIdP, visitor: Visitor, framework: str
) -> None:
    page = visitor.get("/connect", framework=framework, issuer="enterprise")
    assert len(page.content) <= LARGEST_PAGE
    blocks = pasted(page.text, "code")
    assert DEVIDP not in "".join(blocks)
    assert any(f"{idp.url}/" in each for each in blocks)
    written = Page(f"{framework}.md").text
    for each in blocks:
        back = each.replace(f"{idp.url}/enterprise", f"{DEVIDP}/default").replace(f" --url {idp.url}", "")
        assert f"\n{back.replace(idp.url, DEVIDP)}\n" in written
    client = PAGES[framework][1]
    assert re.search(rf"['\" ]{client}\b", written)
    assert read(framework, DEVIDP, f"{DEVIDP}/default").has_seed == (client == "notes")


def test_who_lacks_the_client_of_a_framework_is_told(visitor: Visitor) -> None:
    assert "shipped seed" not in visitor.get("/connect", framework="flask").text
    assert "start devidp with that seed" in visitor.get("/connect", framework="spring").text
    with DevIdP({"users": {"alice": {}}}) as bare, Visitor(bare) as other:
        assert "client <code" in other.get("/connect", framework="flask").text
        assert "shipped seed" in other.get("/connect", framework="flask").text


def test_what_is_mistyped_is_said_and_kept(visitor: Visitor) -> None:
    for typed in ("localhost:8000/mcp", "javascript:alert(1)", HOSTILE):
        page = visitor.get("/connect", url=typed, name=HOSTILE)
        assert page.status_code == 400
        assert f'value="{html.escape(typed)}"' in page.text
        assert "<script>alert" not in page.text
        assert "does not begin with http" in page.text
    for parameter in ("issuer", "client", "framework"):
        page = visitor.get("/connect", **{parameter: "no-such"})
        assert page.status_code == 404
        assert f"there is no {parameter}" in page.text
    for cursor in ("x", "-1", "9" * 5000, "٣"):
        assert visitor.get("/connect", after=cursor).status_code == 200


def test_a_client_that_is_waited_for_becomes_its_flow(look: Looker, idp: DevIdP) -> None:
    page = look("/_devidp/connect")
    page.get_by_role("heading", name="Waiting for the client").wait_for()
    check_everywhere(page, "connect")
    idp.login()
    page.get_by_role("heading", name="succeeded web has called").wait_for()
    check_everywhere(page, "connect-called")
    page.get_by_role("link", name="Open its flow").click()
    page.get_by_role("heading", level=1, name="web").wait_for()
    page.go_back()
    page.get_by_role("link", name="Wait for another one").click()
    page.get_by_role("heading", name="Waiting for the client").wait_for()


def test_it_says_where_a_client_has_stopped_while_it_is_looked_at(look: Looker, idp: DevIdP) -> None:
    page = look("/_devidp/connect")
    page.get_by_text("live", exact=True).wait_for()
    httpx.get(f"{idp.issuer}/.well-known/openid-configuration")
    page.get_by_role("heading", name="A client has called").wait_for()
    registration = {"client_name": f"Tester {HOSTILE}", "redirect_uris": ["http://localhost:5555/callback"]}
    httpx.post(f"{idp.issuer}/register", json=registration).raise_for_status()
    page.get_by_role("heading", name="waiting Tester").wait_for()
    idp.clock.advance("1h")
    page.get_by_role("heading", name="stopped Tester").wait_for()
    check(page, "connect-stopped")


def test_without_javascript_a_reload_shows_who_has_called(look: Looker, idp: DevIdP) -> None:
    page = look("/_devidp/connect", javascript=False)
    page.get_by_label("Client", exact=True).select_option("curl")
    page.get_by_role("button", name="Show").press("Enter")
    page.get_by_text("Save this as walk.sh").wait_for()
    httpx.get(f"{idp.url}/.well-known/oauth-authorization-server")
    page.get_by_role("link", name="Look again").click()
    page.get_by_text("GET /.well-known/oauth-authorization-server").wait_for()
    assert page.get_by_label("Client", exact=True).input_value() == "curl"


def test_who_calls_another_issuer_is_not_the_one_that_is_waited_for(idp: DevIdP, visitor: Visitor) -> None:
    waiting = dict(visitor.get("/connect", issuer="enterprise").url.params)
    idp.login()
    assert "Waiting for the client" in visitor.get("/connect", **waiting).text
    httpx.get(f"{idp.url}/enterprise/.well-known/jwks.json")
    assert "GET /enterprise/.well-known/jwks.json" in visitor.get("/connect", **waiting).text


def test_the_copied_address_is_whole(look: Looker, idp: DevIdP) -> None:
    context = look.context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = look.tab(context)
    page.goto(f"{look.base}/_devidp/connect?client=cursor")
    page.get_by_role("button", name="Copy token_endpoint").click()
    assert page.evaluate("navigator.clipboard.readText()") == f"{idp.issuer}/token"
    page.get_by_role("button", name="Copy what to paste for Cursor").click()
    entry = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert entry == {"mcpServers": {"devidp": {"url": "http://localhost:8000/mcp"}}}

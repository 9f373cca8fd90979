"""The list of flows and the page of one, in a browser and without."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from devidp import DevIdP
from tests.dashboard.browser import LARGEST_PAGE, Looker, check_everywhere
from tests.dashboard.test_trace import ASKED, METADATA, log_in, register
from tests.dashboard.visitor import Visitor
from tests.flow import MCP, REDIRECT_URI, VERIFIER, payload

SAME = ("iss", "sub", "client_id", "aud", "scope")
"""Claims that tokens have alike which are made in the same way."""
SERVICE = ("service", "service-secret")
HOSTILE = "\u202e<script>alert(1)</script>\u200b" + "x" * 400


@pytest.fixture
def client(idp: DevIdP) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=idp.issuer, headers={"User-Agent": "my-client/2.0"}, timeout=60) as http:
        yield http


@pytest.fixture
def visitor(idp: DevIdP) -> Iterator[Visitor]:
    with Visitor(idp) as made:
        yield made


def authorize(client: httpx.Client, **changes: str) -> httpx.Response:
    return client.get("/authorize", params={**ASKED, **changes})


def rows(page: str) -> list[str]:
    """The clients of the list."""
    return re.findall(r'<th scope="row"><a href="[^"]+"><bdi(?: class="quiet")?>([^<]+)</bdi>', page)


def test_the_empty_list_says_how_to_make_the_first_flow(look: Looker, visitor: Visitor) -> None:
    (command,) = re.findall(r'id="first">([^<]+)<', visitor.get("/").text)
    assert command.startswith("curl ")
    page = look("/_devidp/")
    check_everywhere(page, "flows-empty")
    words = dict(re.findall(r"(-u|-d) (\S+)", command))
    httpx.post(command.split()[-1], data=dict([words["-d"].split("=")]), auth=tuple(words["-u"].split(":")))
    page.get_by_role("link", name="service").wait_for()  # without a reload


def test_the_list(look: Looker, client: httpx.Client, idp: DevIdP) -> None:
    client.get(METADATA)
    register(client)
    idp.clock.advance("5m")
    client.post("/token", data={"grant_type": "client_credentials"}, auth=SERVICE)
    authorize(client, redirect_uri=f"{REDIRECT_URI}/")
    authorize(client)
    page = look("/_devidp/")
    badges = page.locator(".flows .badge").all_inner_texts()
    assert badges == ["waiting", "refused", "succeeded", "stopped"]
    check_everywhere(page, "flows")
    page.get_by_label("Outcome").select_option("stopped")
    page.get_by_role("button", name="Filter").click()
    assert page.locator(".flows .badge").all_inner_texts() == ["stopped"]
    page.get_by_role("link", name="All requests").click()
    check_everywhere(page, "flows-requests")


def test_a_flow_that_was_refused_and_one_that_stopped(look: Looker, client: httpx.Client) -> None:
    client.get(METADATA)
    register(client)
    authorize(client, redirect_uri=f"{REDIRECT_URI}/")
    page = look("/_devidp/")
    page.get_by_role("link", name="web").press("Enter")
    expect(page.get_by_text("What came has a slash at its end, which is not expected.").first).to_be_visible()
    step = page.locator(".step > details > summary")
    step.press("Enter")
    expect(page.get_by_role("heading", name="Answer 400")).to_be_visible()
    check_everywhere(page, "flow-refused")
    page.go_back()
    page.get_by_role("link", name="Mine").click()
    expect(page.locator(".absent").get_by_text("GET /authorize")).to_be_visible()
    check_everywhere(page, "flow-waiting")


def test_a_login_is_drawn_with_what_came_before_it(look: Looker, client: httpx.Client, idp: DevIdP) -> None:
    client.get(METADATA)
    log_in(client, str(httpx.URL(f"{idp.issuer}/authorize", params={**ASKED, "client_id": register(client)})))
    idp.clock.advance("1h")
    (flow,) = {each.flow for each in idp.events() if each.flow}
    page = look(f"/_devidp/flows/{flow}", javascript=False)
    assert page.locator(".step .at").all_inner_texts()[0].endswith("probably")
    expect(page.get_by_role("heading", name="nobody exchanged it")).to_be_visible()
    assert "localhost:5555/callback with code, state, iss" in page.locator(".onward").inner_text()
    for step in page.locator(".step > details > summary").all():
        step.click()
    look.expected.append("JavaScript")
    page = look(f"/_devidp/flows/{flow}")
    check_everywhere(page, "flow-stopped")


def test_a_client_that_begins_again_with_tokens_is_told_for_whom_they_are(
    look: Looker, client: httpx.Client, idp: DevIdP
) -> None:
    """What devidp sees of an API that expects another audience."""
    address = str(httpx.URL(f"{idp.issuer}/authorize", params=ASKED))
    (code,) = parse_qs(urlsplit(log_in(client, address)).query)["code"]
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    client.post("/token", data={**sent, "code_verifier": VERIFIER}, auth=("web", "web-secret"))
    client.cookies.clear()
    authorize(client)
    page = look(f"/_devidp/flows/{idp.events('token')[0].id}")
    expect(page.get_by_role("heading", name="The client began again")).to_be_visible()
    assert page.locator(".why code").first.inner_text() == MCP
    check_everywhere(page, "flow-again")
    page.get_by_role("link", name="next attempt").click()
    expect(page.get_by_role("heading", name="Waiting for the browser")).to_be_visible()


@pytest.mark.parametrize("service", [False, True], ids=["login", "service"])
def test_a_flow_leads_to_its_client_its_user_and_a_token_like_its_own(
    look: Looker, client: httpx.Client, idp: DevIdP, service: bool
) -> None:
    if service:
        answer = client.post("/token", data={"grant_type": "client_credentials", "scope": "mcp:read"}, auth=SERVICE)
        token = answer.json()["access_token"]
    else:
        token = idp.login("bob", client="spa")["access_token"]
    address = f"/_devidp/flows/{idp.events('token')[0].id}"
    page = look(address, javascript=False)
    page.get_by_role("link", name="service" if service else "spa").click()
    expect(page.get_by_role("heading", name="The usual settings")).to_be_visible()
    page.go_back()
    if not service:
        page.get_by_role("link", name="bob").click()
        page.get_by_role("link", name="Mint a token").click()
        assert page.get_by_label("User", exact=True).input_value() == "bob"
        page.go_back()
        page.go_back()
    page.get_by_role("link", name="Mint such a token").click()
    page.get_by_role("button", name="Mint").first.click()
    minted, own = (payload(each) for each in (page.locator("#token").inner_text(), token))
    assert [minted[name] for name in SAME] == [own[name] for name in SAME]


def test_every_event_leads_to_its_flow(visitor: Visitor, client: httpx.Client, idp: DevIdP) -> None:
    authorize(client)
    httpx.get(f"{idp.url}/nowhere")
    httpx.post(f"{idp.url}/_devidp/api/clock", json={"advance": "1s"})
    for event in idp.events():
        assert f'id="{event.id}"' in visitor.get(f"/flows/{event.id}").text
        assert visitor.get(f"/flows/{event.flow or event.id}").status_code == 200
    answer = visitor.get("/flows/nothing")
    assert answer.status_code == 404
    assert "devidp keeps no flow and no request" in answer.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["web", "service", "Mine"]),
        ({"client": "SERV"}, ["service"]),
        ({"client": "mine"}, ["Mine"]),
        ({"user": "alice"}, ["web"]),
        ({"endpoint": "register"}, ["Mine"]),
        ({"text": "client_credentials"}, []),
        ({"text": "mcp:admin"}, ["service"]),
        ({"text": "browser: GET /authorize"}, ["Mine"]),
        ({"outcome": "succeeded"}, ["service"]),
        ({"client": "web", "outcome": "succeeded"}, []),
    ],
)
def test_a_search(visitor: Visitor, client: httpx.Client, idp: DevIdP, query: dict[str, str], found: list[str]) -> None:
    register(client)
    client.post("/token", data={"grant_type": "client_credentials"}, auth=SERVICE)
    log_in(client, str(httpx.URL(f"{idp.issuer}/authorize", params=ASKED)))
    page = visitor.get("/", **query).text
    assert rows(page) == found
    assert ("Nothing here fits" in page) == (not found)


def test_single_requests_are_listed_too(visitor: Visitor, client: httpx.Client, idp: DevIdP) -> None:
    client.get("/.well-known/jwks.json")
    httpx.get(f"{idp.url}/nowhere")
    assert "/nowhere" not in visitor.get("/").text
    page = visitor.get("/", show="requests").text
    assert page.index("/nowhere") < page.index("/default/.well-known/jwks.json")
    assert rows(visitor.get("/", show="requests", text="nowhere").text) == ["no client"]


def test_thousands_of_flows_come_in_small_pages(visitor: Visitor, client: httpx.Client, idp: DevIdP) -> None:
    for _ in range(120):
        client.post("/token", data={"grant_type": "client_credentials"}, auth=SERVICE)
    first = visitor.get("/")
    assert "1 to 50 of 120" in first.text
    assert len(rows(first.text)) == 50
    last = visitor.get("/", page="3")
    assert len(rows(last.text)) == 20
    assert "page=2" in last.text
    assert len(rows(visitor.get("/", client="service", page="9").text)) == 20


def test_hostile_text_is_shown_and_nothing_else(look: Looker, visitor: Visitor, client: httpx.Client) -> None:
    metadata = {"redirect_uris": [REDIRECT_URI], "client_name": HOSTILE, "token_endpoint_auth_method": "none"}
    client.post("/register", json=metadata)
    for _ in range(60):
        authorize(client, client_id=HOSTILE, resource=HOSTILE, scope=HOSTILE, login_hint=HOSTILE)
    for path in ("/", "/?show=requests", f"/?text={HOSTILE}"):
        page = visitor.get(path)
        assert "<script>alert" not in page.text
        assert "\u202e" not in page.text
        assert len(page.content) < LARGEST_PAGE
    (first, *_) = re.findall(r'href="[^"]*(/flows/[^"]+)"', visitor.get("/").text)
    page = visitor.get(first)
    assert "<script>alert" not in page.text
    assert "\u202e" not in page.text
    check_everywhere(look(f"/_devidp{first}"), "flow-hostile")


def test_what_is_waited_for_stops_on_the_page_without_an_event(look: Looker, client: httpx.Client, idp: DevIdP) -> None:
    client.get(METADATA)
    register(client)
    page = look("/_devidp/")
    page.locator(".badge.waiting").wait_for()
    idp.clock.advance("19s")
    page.reload()
    page.locator(".badge.stopped").wait_for(timeout=20_000)


def test_a_flow_of_a_thousand_steps_comes_in_small_pages(visitor: Visitor, client: httpx.Client, idp: DevIdP) -> None:
    address = str(httpx.URL(f"{idp.issuer}/authorize", params=ASKED))
    (code,) = parse_qs(urlsplit(log_in(client, address)).query)["code"]
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI, "code_verifier": VERIFIER}
    token = client.post("/token", data=sent, auth=("web", "web-secret")).json()["access_token"]
    for _ in range(60):
        client.post("/introspect", data={"token": token}, auth=("web", "web-secret"))
    first, *_, last = idp.events()
    page = visitor.get(f"/flows/{first.flow}")
    assert len(page.content) < LARGEST_PAGE
    assert "Step 61 to 64 of 64" in page.text
    assert f'id="{last.id}"' in page.text
    assert f'id="{first.id}"' in visitor.get(f"/flows/{first.id}").text
    assert "Step 21 to 40 of 64" in visitor.get(f"/flows/{first.flow}", page="2").text


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (lambda idp: idp.arm("expired", client="service"), "fault expired as armed"),
        (lambda idp: idp.fail("token", "empty-body"), "failure empty-body as scripted"),
    ],
)
def test_what_is_wrong_on_purpose_has_not_succeeded(
    idp: DevIdP, client: httpx.Client, visitor: Visitor, wrong: Callable[[DevIdP], object], status: str
) -> None:
    wrong(idp)
    for outcome in ("faulty", "succeeded"):
        assert client.post("/token", data={"grant_type": "client_credentials"}, auth=SERVICE).status_code == 200
        (flow, *_) = visitor.get("/flows/list.json", outcome=outcome).json()["flows"]
        assert (status in flow["status"].lower()) is (outcome == "faulty")
    assert "It was faulty." in visitor.get(f"/flows/{idp.events('token')[0].id}.md").text


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine is in Auckland, where a year begins half a day earlier."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "NZST-12")
        _take_zone()
        yield
    _take_zone()


def _take_zone() -> None:
    if sys.platform != "win32":  # which has no such call, and does not go by the variable
        time.tzset()


@pytest.mark.usefixtures("far_east")
def test_the_last_hours_of_all_dates_are_shown_where_they_are_over_already(
    idp: DevIdP, capsys: pytest.CaptureFixture[str]
) -> None:
    idp.clock.set("9999-12-31T20:00:00Z")
    httpx.get(f"{idp.url}/default/authorize")
    for path in ("", "?show=requests", f"flows/{idp.events('authorize')[-1].id}", "controls/clock"):
        assert httpx.get(f"{idp.url}/_devidp/{path}").status_code == 200, path
    assert "Logging error" not in capsys.readouterr().err

"""The frame of the dashboard: who may see it, its forms, its headers, and that it follows what happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, expect

from devidp import DevIdP
from devidp.app import create_app
from devidp.models.config import Config
from tests.dashboard.browser import Looker, check, check_everywhere
from tests.serving import wsgi_served

TOKEN = "a-control-token-for-tests"
FOREIGN = "https://elsewhere.example"


def test_the_front_page_is_for_everybody(look: Looker) -> None:
    check_everywhere(look("/_devidp/"), "flows-none")


def test_without_javascript_it_is_the_same_page(look: Looker) -> None:
    page = look("/_devidp/", javascript=False)
    assert page.get_by_role("heading", level=1).inner_text() == "Flows"
    assert not page.locator("#live-state").is_visible()


def test_it_follows_what_happens_in_every_tab_by_one_stream(look: Looker, idp: DevIdP) -> None:
    context = look.context()
    streams: list[str] = []
    context.on("request", lambda request: streams.append(request.url) if request.url.endswith("/stream") else None)
    tabs = [look.tab(context) for _ in range(3)]
    for tab in tabs:
        tab.goto(f"{look.base}/_devidp/?show=requests")
        tab.get_by_text("live", exact=True).wait_for()
    httpx.get(f"{look.base}/nothing/here")
    for tab in tabs:
        tab.bring_to_front()
        tab.get_by_text("/nothing/here").first.wait_for()
    assert len(streams) <= 1


def test_a_button_that_copies_says_what_it_does_again_however_often_it_was_pressed(look: Looker) -> None:
    page = look.tab(look.context())
    page.clock.install()
    page.goto(f"{look.base}/_devidp/connect")
    button = page.locator("[data-copy]").first
    said = button.text_content()
    assert said is not None
    button.click()
    expect(button).not_to_have_text(said)
    button.evaluate("button => { button.textContent = 'pressed' }")
    button.click()
    expect(button).not_to_have_text("pressed")
    page.clock.fast_forward(5_000)
    expect(button).to_have_text(said)


def test_looking_makes_no_event(look: Looker, idp: DevIdP) -> None:
    look("/_devidp/")
    assert idp.control.events.find() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": FOREIGN},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
        {"X-Forwarded-For": "192.0.2.1"},
    ],
)
def test_nobody_else_sees_it(idp: DevIdP, headers: dict[str, str]) -> None:
    for path in ("", "stream", "flows/x", "static/dashboard.css"):
        answer = httpx.get(f"{idp.url}/_devidp/{path}", headers=headers)
        if path.startswith("static") and "X-Forwarded-For" in headers:
            continue
        assert answer.status_code == 403, path
        assert "not for this caller" in answer.text


def test_a_link_elsewhere_may_lead_to_it(idp: DevIdP) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert httpx.get(f"{idp.url}/_devidp/", headers=followed).status_code == 200
    framed = followed | {"Sec-Fetch-Dest": "iframe"}
    assert httpx.get(f"{idp.url}/_devidp/", headers=framed).status_code == 403


def test_a_link_elsewhere_leaves_open_forms_as_they_are(look: Looker, idp: DevIdP) -> None:
    context = look.context()
    form = look.tab(context)
    form.goto(f"{idp.url}/_devidp/controls/clock")
    elsewhere = context.new_page()
    elsewhere.goto(f"{idp.url.replace('127.0.0.1', 'localhost')}/health")
    elsewhere.evaluate("address => { location.href = address }", f"{idp.url}/_devidp/controls/faults?search=aud")
    elsewhere.get_by_role("heading", name="Faults").first.wait_for()
    assert elsewhere.url == f"{idp.url}/_devidp/controls/faults?search=aud"
    form.get_by_role("button", name="Freeze").click()
    form.get_by_role("status").first.wait_for()
    assert idp.control.clock.state.frozen_at is not None


def test_every_answer_has_the_policy(idp: DevIdP) -> None:
    for path in ("", "nothing", "static/live.js", "flows/nothing"):
        headers = httpx.get(f"{idp.url}/_devidp/{path}").headers
        if path != "nothing":
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_what_is_not_of_the_dashboard_stays_with_the_api(idp: DevIdP) -> None:
    unknown = httpx.get(f"{idp.url}/_devidp/api/nothing")
    assert (unknown.status_code, unknown.json()["error"]) == (404, "not_found")
    assert httpx.get(f"{idp.url}/_devidp/api/reset").status_code == 405


def test_a_form_without_its_token_is_refused(idp: DevIdP) -> None:
    answer = httpx.post(f"{idp.url}/_devidp/unlock", data={"token": "x"})
    assert answer.status_code == 403
    assert "another browser" in answer.text


@pytest.fixture
def elsewhere(browser: Browser) -> Iterator[Looker]:
    """Looks at a devidp with a control token, as through a proxy: the caller is not this machine."""
    with wsgi_served(lambda url: create_app(Config(url, control_token=TOKEN))) as (url, _):
        looker = Looker(browser, url)
        yield looker
        looker.close()


def test_from_elsewhere_the_control_token_is_asked_for_once(elsewhere: Looker) -> None:
    context = elsewhere.context()
    context.set_extra_http_headers({"X-Forwarded-For": "192.0.2.1"})
    page = elsewhere.tab(context)
    page.goto(f"{elsewhere.base}/_devidp/?page=2")
    check_everywhere(page, "control-token")
    page.get_by_label("Token").fill("wrong")
    elsewhere.expected.append("403")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    check(page, "control-token-wrong")
    page.get_by_label("Token").fill(TOKEN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/_devidp/?page=2")
    page.get_by_text("live", exact=True).wait_for()
    (cookie,) = context.cookies()
    assert (cookie["sameSite"], cookie["httpOnly"], cookie["path"]) == ("Strict", True, "/_devidp")
    assert TOKEN not in cookie["value"]


def test_the_token_leads_nowhere_else(elsewhere: Looker) -> None:
    with httpx.Client(base_url=elsewhere.base, headers={"X-Forwarded-For": "192.0.2.1"}) as client:
        for path in ("//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere.example", "/%0aelsewhere"):
            form = client.get("/_devidp/unlock", params={"next": path}).text
            (token,) = re.findall(r'name="form_token" value="([^"]+)"', form)
            answer = client.post("/_devidp/unlock", data={"form_token": token, "token": TOKEN, "next": path})
            assert answer.status_code == 303
            assert answer.headers["Location"].startswith("/_devidp/")


def test_the_front_door_leads_to_it_for_a_person_at_this_machine(look: Looker, idp: DevIdP) -> None:
    assert look("/").url == f"{idp.url}/_devidp/"
    page = httpx.get(idp.url, headers={"Accept": "text/html", "X-Forwarded-For": "192.0.2.1"})
    assert "devidp is running" in page.text
    assert "devidp is running" in httpx.get(idp.url).text


@pytest.mark.parametrize("path", ["", "/idp"])
def test_behind_a_proxy_that_ends_tls_the_cookie_and_the_commands_are_for_https(path: str) -> None:
    headers = {"Host": "idp.example", "X-Forwarded-For": "192.0.2.1"}
    app = create_app(Config(f"https://idp.example{path}", control_token=TOKEN))
    with app.test_client(use_cookies=False) as client:
        form = client.get("/_devidp/unlock", headers=headers)
        (token,) = re.findall(r'name="form_token" value="([^"]+)"', form.text)
        assert "; Secure;" in form.headers["Set-Cookie"]
        assert f"; Path={path}/_devidp;" in form.headers["Set-Cookie"]
        headers["Cookie"] = form.headers["Set-Cookie"].partition(";")[0]
        sent = {"form_token": token, "token": TOKEN, "next": "/controls/clock"}
        answer = client.post("/_devidp/unlock", data=sent, headers=headers | {"Origin": "https://idp.example"})
        assert answer.headers["Location"] == f"{path}/_devidp/controls/clock"
        headers["Cookie"] = answer.headers["Set-Cookie"].partition(";")[0]
        page = client.get("/_devidp/controls/clock", headers=headers).text
    assert f"--url https://idp.example{path}" in page
    assert f"https://idp.example{path}/_devidp/api/clock" in page
    assert "http://idp.example" not in page
    app.extensions["devidp"].close()


def test_who_has_to_type_the_token_is_led_back_to_the_page_itself() -> None:
    app = create_app(Config("https://idp.example", control_token=TOKEN))
    elsewhere = {"Host": "idp.example", "X-Forwarded-For": "192.0.2.1"}
    for wanted in ("/controls/clock", "/?page=2"):
        answer = app.test_client().get(f"/_devidp{wanted}", headers=elsewhere)
        assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"next": [wanted]}
    app.extensions["devidp"].close()

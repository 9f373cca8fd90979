"""Cookies and forms: a session per issuer and browser, and forms that nobody else can make or post."""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from itsdangerous import URLSafeSerializer
from werkzeug.test import TestResponse

from devidp import DevIdP
from devidp.system.clock import Clock
from tests.flow import Flow, Form
from tests.refusal import page, redirected
from tests.shipped import Start


def cookies(response: TestResponse) -> dict[str, Morsel[str]]:
    found: SimpleCookie = SimpleCookie()
    for line in response.headers.getlist("Set-Cookie"):
        found.load(line)
    return dict(found)


def post(flow: Flow, hidden: dict[str, str], path: str = "/default/login", **fields: Any) -> TestResponse:
    return flow.http.post(path, data={**hidden, "login_as": "alice", "decision": "allow", **fields})


@pytest.mark.parametrize(
    ("url", "at", "prefix", "path", "secure"),
    [
        ("http://localhost:6749", "default", "devidp-6749", "/default", False),
        ("https://idp.example", "default", "__Host-devidp", "/", True),
        ("http://localhost:8080/auth", "default", "devidp-8080", "/auth/default", False),
        ("http://localhost:6749", "", "devidp-6749", "/", False),
    ],
)
def test_cookies_are_kept_from_scripts_and_other_sites(
    start: Start, url: str, at: str, prefix: str, path: str, secure: bool
) -> None:
    settings = {"path": "/"} if at == "" else {}
    flow = start(settings, at=at, config={"public_url": url})
    first = flow.authorize()
    browser = cookies(first)[f"{prefix}-default-browser"]
    assert browser["max-age"] == ""
    form = Form(first.text)
    flow.http.set_cookie(browser.key, browser.value)
    session = cookies(post(flow, form.hidden, f"{flow.base}/login"))[f"{prefix}-default-session"]
    assert session["max-age"] == str(8 * 3600)
    for cookie in (browser, session):
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == path
        assert bool(cookie["secure"]) == secure
        assert cookie["domain"] == ""
        assert len(cookie.value) == 43


def test_two_devidps_on_one_host_keep_their_sessions(live_url: str, flow: Flow) -> None:
    """A browser sends the cookies of a host to all its ports (RFC 6265 section 8.5)."""
    with DevIdP() as other, requests.Session() as browser:
        bases = [live_url, f"http://localhost:{urlsplit(other.url).port}"]
        for base in bases:
            form = Form(browser.get(f"{base}/default/authorize", params=flow.request()).text)
            logged_in = {**form.hidden, "login_as": "alice"}
            assert browser.post(f"{base}/default/login", logged_in, allow_redirects=False).status_code < 400
        for base in bases:
            asked = browser.get(f"{base}/default/authorize", params=flow.request(), allow_redirects=True)
            assert "login_as" not in asked.text


def test_a_login_gets_a_session_under_a_new_name(flow: Flow) -> None:
    first = cookies(flow.log_in(flow.authorize()))["devidp-6749-default-session"].value
    second = cookies(flow.log_in(flow.authorize(prompt="login")))["devidp-6749-default-session"].value
    assert first != second
    stale = flow.other_browser()
    stale.http.set_cookie("devidp-6749-default-session", first, path="/default")
    assert redirected(stale.authorize(prompt="none"))["error"] == "login_required"


def test_a_session_that_was_planted_before_the_login_is_worth_nothing(flow: Flow) -> None:
    flow.http.set_cookie("devidp-6749-default-session", "planted", path="/default")
    flow.redirect()
    attacker = flow.other_browser()
    attacker.http.set_cookie("devidp-6749-default-session", "planted", path="/default")
    assert redirected(attacker.authorize(prompt="none"))["error"] == "login_required"


def test_a_session_is_nothing_to_another_issuer(flow: Flow) -> None:
    session = cookies(flow.log_in(flow.authorize()))["devidp-6749-default-session"].value
    enterprise = flow.at("enterprise")
    assert redirected(enterprise.authorize(prompt="none"))["error"] == "login_required"
    enterprise.http.set_cookie("devidp-6749-enterprise-session", session, path="/enterprise")
    assert redirected(enterprise.authorize(prompt="none"))["error"] == "login_required"


@pytest.mark.parametrize("value", ["", "nonsense", "é", "\xff", "x" * 5000, '"a"', "a b", "%00"])
def test_any_other_cookie_is_no_session(flow: Flow, value: str) -> None:
    hidden = Form(flow.authorize().text).hidden
    for kind in ("session", "browser"):
        headers = {"Cookie": f"devidp-6749-default-{kind}={value}"}
        visitor = flow.other_browser().http
        response = visitor.get("/default/authorize", query_string=flow.request(prompt="none"), headers=headers)
        assert redirected(response)["error"] == "login_required"
        assert page(visitor.post("/default/login", data={**hidden, "login_as": "alice"}, headers=headers)) == 403


def test_a_form_of_another_browser_is_refused(flow: Flow) -> None:
    hidden = Form(flow.authorize().text).hidden
    other = flow.other_browser()
    assert page(post(other, hidden)) == 403
    other.authorize()
    refused = post(other, hidden)
    assert page(refused) == 403
    assert "The form was made for another browser, or cookies are switched off" in refused.text
    assert "session" not in cookies(refused)


def test_a_form_of_another_issuer_is_refused(flow: Flow) -> None:
    hidden = Form(flow.authorize().text).hidden
    flow.at("enterprise").authorize()
    refused = post(flow, hidden, "/enterprise/login")
    assert page(refused) == 403
    assert "The form carries no transaction that this issuer has made" in refused.text


@pytest.mark.parametrize("path", ["/default/login", "/default/consent"])
@pytest.mark.parametrize("transaction", [None, "", "x", "a.b", "é", "\0", "x" * 100_000, "eyJxIjoiIn0.x"])
def test_a_forged_form_is_refused(flow: Flow, path: str, transaction: str | None) -> None:
    flow.authorize()
    assert page(post(flow, {} if transaction is None else {"transaction": transaction}, path)) == 403


def test_a_form_that_is_signed_with_another_key_is_refused(flow: Flow) -> None:
    flow.authorize()
    forged = URLSafeSerializer("guess", salt="http://localhost:6749/default").dumps({"q": "", "t": 0, "u": "", "b": ""})
    assert page(post(flow, {"transaction": str(forged)})) == 403


def test_a_form_that_was_changed_is_refused(flow: Flow) -> None:
    sealed = Form(flow.authorize().text).hidden["transaction"]
    for changed in (sealed[:-1], sealed[1:], sealed.swapcase(), f"{sealed}x"):
        assert page(post(flow, {"transaction": changed})) == 403


def test_a_form_is_good_for_an_hour(flow: Flow, frozen: Clock) -> None:
    hidden = Form(flow.authorize().text).hidden
    frozen.advance(3600)
    assert post(flow, hidden).status_code == 200
    frozen.advance(1)
    refused = post(flow, hidden)
    assert page(refused) == 403
    assert "The form was opened 60 minutes ago, it is good for 60" in refused.text


def test_forms_survive_a_restart(start: Start, tmp_path: Path) -> None:
    first = start(data=tmp_path)
    hidden = Form(first.authorize().text).hidden
    browser = first.http.get_cookie("devidp-6749-default-browser", path="/default")
    assert browser is not None
    second = start(data=tmp_path)
    second.http.set_cookie(browser.key, browser.value, path="/default")
    assert post(second, hidden).status_code == 200


def test_sessions_survive_a_restart(start: Start, tmp_path: Path) -> None:
    first = start(data=tmp_path)
    first.redirect()
    session = first.http.get_cookie("devidp-6749-default-session", path="/default")
    assert session is not None
    second = start(data=tmp_path)
    second.http.set_cookie(session.key, session.value, path="/default")
    assert "code" in redirected(second.authorize(prompt="none"))


def test_a_long_request_fits_into_its_form(flow: Flow) -> None:
    state = "é" * 10_000
    assert redirected(flow.allow(flow.log_in(flow.authorize(state=state))))["state"] == state


@pytest.mark.parametrize("path", ["/default/login", "/default/consent"])
def test_forms_are_posted_as_forms(flow: Flow, path: str) -> None:
    assert page(flow.http.post(path, json={})) == 400
    assert page(flow.http.get(path)) == 405


def test_a_browser_stays_at_the_host_name_that_it_used(flow: Flow) -> None:
    """Cookies are the name's own: a form that led from 127.0.0.1 to localhost would come without them."""
    here = "http://127.0.0.1:6749"

    def post(form: Form, **fields: Any) -> TestResponse:
        data, headers = {**form.hidden, **fields}, {"Origin": here}
        return flow.http.post(form.action, data=data, headers=headers, base_url=here)

    login = Form(flow.http.get("/default/authorize", query_string=flow.request(), base_url=here).text)
    assert login.action == "/default/login"
    consent = Form(post(login, login_as="alice").text)
    assert consent.action == "/default/consent"
    assert post(consent, decision="allow", scope=consent.offered["scope"]).status_code == 303


def test_a_cookie_that_is_no_text_is_no_session(flow: Flow) -> None:
    page = flow.http.get("/default/logout", environ_overrides={"HTTP_COOKIE": "devidp-6749-default-session=\xff\xfe"})
    assert page.status_code == 200

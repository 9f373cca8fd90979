"""Cross-site request forgery: a page elsewhere can neither make nor post one of our forms."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.flow import Flow, Form
from tests.shipped import PUBLIC_URL, Start


@pytest.fixture
def flow(start: Start) -> Flow:
    """With every page that has a form."""
    grants = ["authorization_code", "refresh_token", "device_code"]
    return start({"grants": grants}, clients={"web": {"grants": grants}})


def login_page(flow: Flow) -> TestResponse:
    return flow.authorize()


def consent_page(flow: Flow) -> TestResponse:
    return flow.log_in(flow.authorize())


def logout_page(flow: Flow) -> TestResponse:
    flow.redirect()
    return flow.http.get("/default/logout")


def device_page(flow: Flow) -> TestResponse:
    return flow.http.get("/default/device")


def device_login_page(flow: Flow) -> TestResponse:
    asked = flow.http.post("/default/device_authorization", data={"scope": "openid"}, auth=("web", "web-secret"))
    return flow.post(device_page(flow), user_code=asked.get_json()["user_code"])


def device_consent_page(flow: Flow) -> TestResponse:
    return flow.log_in(device_login_page(flow))


PAGES = [login_page, consent_page, logout_page, device_page, device_login_page, device_consent_page]
FIELDS = {"username": "alice", "password": "alice", "decision": "allow", "scope": "openid"}


def post(flow: Flow, page: TestResponse, **headers: str) -> TestResponse:
    form = Form(page.text)
    fields = {**FIELDS, **form.hidden}
    fields["user_code"] = "not one"
    if "logout" in form.action:
        fields["decision"] = "logout"
    return flow.http.post(urlsplit(form.action).path, data=fields, headers=headers)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{PUBLIC_URL}.evil.example", "http://localhost:1"])
def test_a_form_that_another_origin_posts_is_refused(
    flow: Flow, page: Callable[[Flow], TestResponse], origin: str
) -> None:
    response = post(flow, page(flow), Origin=origin)
    assert response.status_code == 403
    assert "was posted by a page of" in response.text


@pytest.mark.parametrize("page", PAGES)
def test_our_own_pages_post_their_forms(flow: Flow, page: Callable[[Flow], TestResponse]) -> None:
    assert post(flow, page(flow), Origin=PUBLIC_URL).status_code != 403


def test_a_browser_that_hides_its_origin_may_say_that_it_is_ours(flow: Flow) -> None:
    response = post(flow, login_page(flow), Origin="null", **{"Sec-Fetch-Site": "same-origin"})
    assert response.status_code in (200, 303)


@pytest.mark.parametrize("page", PAGES)
def test_a_form_of_another_browser_is_refused(flow: Flow, page: Callable[[Flow], TestResponse]) -> None:
    stolen = page(flow)
    assert post(flow.other_browser(), stolen).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_a_form_without_its_token_is_refused(flow: Flow, page: Callable[[Flow], TestResponse]) -> None:
    form = Form(page(flow).text)
    response = flow.http.post(urlsplit(form.action).path, data=FIELDS)
    assert response.status_code == 403


FORMS = {"login": 1, "consent": 1, "device": 2, "device-login": 2, "device-consent": 2, "logout/confirm": 3}
"""Where forms go, and which of these belong together."""


@pytest.mark.parametrize("page", PAGES)
def test_a_form_is_good_for_pages_of_its_own_kind(flow: Flow, page: Callable[[Flow], TestResponse]) -> None:
    form = Form(page(flow).text)
    own = FORMS[urlsplit(form.action).path.removeprefix("/default/")]
    for action in (action for action, kind in FORMS.items() if kind != own):
        assert flow.http.post(f"/default/{action}", data={**FIELDS, **form.hidden}).status_code == 403


def test_who_agrees_to_an_application_agrees_to_no_device(flow: Flow) -> None:
    auth = ("web", "web-secret")
    asked = flow.http.post("/default/device_authorization", data={"scope": "openid"}, auth=auth).get_json()
    shown = flow.log_in(flow.authorize(user_code=asked["user_code"], prompt="consent"))
    form = Form(shown.text)
    assert urlsplit(form.action).path == "/default/consent"
    assert flow.http.post("/default/device-consent", data={**FIELDS, **form.hidden}).status_code == 403
    poll = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": asked["device_code"]}
    assert flow.token(**poll).get_json()["error"] == "authorization_pending"


def test_the_login_gives_the_session_a_new_id(flow: Flow) -> None:
    """Session fixation: what an attacker planted before the login is worth nothing after it."""
    flow.http.set_cookie("devidp-6749-default-session", "planted", path="/default")
    response = flow.log_in(flow.authorize())
    (cookie,) = [each for each in response.headers.getlist("Set-Cookie") if "session" in each]
    assert "planted" not in cookie
    assert {"HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    other = flow.other_browser()
    other.http.set_cookie("devidp-6749-default-session", "planted", path="/default")
    assert "password" in Form(other.authorize().text).offered

"""The login form: by a click on a user, or by name and password; and who may not log in."""

from __future__ import annotations

import pytest

from tests.flow import Flow, Form, payload
from tests.refusal import redirected
from tests.shipped import Start, shipped


def test_name_and_password_log_a_user_in(flow: Flow) -> None:
    assert payload(flow.tokens("bob")["access_token"])["sub"] == "bob"


def test_one_click_on_a_user_logs_in(flow: Flow) -> None:
    consent = flow.post(flow.authorize(), login_as="bob")
    code = redirected(flow.allow(consent))["code"]
    assert payload(flow.exchange(code).get_json()["access_token"])["sub"] == "bob"


def test_the_page_has_one_field_of_each_kind_and_a_button_for_each_user_who_may(flow: Flow) -> None:
    offered = Form(flow.authorize().text).offered
    assert (len(offered["username"]), len(offered["password"])) == (1, 1)
    assert {"alice", "bob"} <= set(offered["login_as"])


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"username": "alice", "password": "wrong"}, "That is not the password of alice in the seed."),
        ({"username": "alice", "password": ""}, "That is not the password of alice"),
        ({"username": "alice"}, "That is not the password of alice"),
        ({"username": "alice", "password": "pässword"}, "That is not the password of alice"),
        ({"username": "alice", "password": "\0"}, "That is not the password of alice"),
        ({"username": "nobody", "password": "x"}, "There is no user nobody."),
        ({"username": "Alice", "password": "alice"}, "There is no user Alice."),
        ({"username": "<b>", "password": "x"}, "There is no user &lt;b&gt;."),
        ({"login_as": "nobody"}, "There is no user nobody."),
        ({"username": "mallory", "password": "mallory"}, "User mallory is disabled in the seed."),
        ({"login_as": "mallory"}, "User mallory is disabled in the seed."),
        ({}, "Type a user name, or click on a user."),
        ({"username": "", "password": "alice"}, "Type a user name, or click on a user."),
    ],
)
def test_whoever_may_not_log_in_gets_the_page_again_with_the_reason(
    flow: Flow, fields: dict[str, str], problem: str
) -> None:
    page = flow.post(flow.authorize(), **fields)
    assert page.status_code == 200
    assert problem in page.text
    assert "session" not in "".join(page.headers.getlist("Set-Cookie"))
    assert flow.log_in(page).status_code == 200
    assert "decision" in Form(flow.authorize().text).offered


def test_a_user_without_a_password_logs_in_by_a_click_alone(start: Start) -> None:
    flow = start(users={"carol": {"claims": {"name": "Carol"}}})
    page = flow.post(flow.authorize(), username="carol", password="")
    assert "User carol has no password in the seed. Use the button below" in page.text
    assert "decision" in Form(flow.post(page, login_as="carol").text).offered


def test_a_password_may_have_any_characters(start: Start) -> None:
    password = " p+ä&=😀%20 "
    flow = start(users={"alice": {"password": password}})
    page = flow.post(flow.authorize(), username="alice", password=password)
    assert "decision" in Form(page.text).offered


def test_a_user_who_is_disabled_while_logged_in_is_logged_out(flow: Flow) -> None:
    flow.redirect("bob")
    flow.runtime.adopt(shipped(users={"bob": {"disabled": True}}))
    assert "password" in Form(flow.authorize().text).offered
    assert redirected(flow.authorize(prompt="none"))["error"] == "login_required"


def test_a_user_who_is_disabled_at_the_consent_page_logs_in_again(flow: Flow) -> None:
    consent = flow.log_in(flow.authorize(), "bob")
    flow.runtime.adopt(shipped(users={"bob": {"disabled": True}}))
    assert "password" in Form(flow.allow(consent).text).offered


def test_the_hint_of_the_client_fills_in_the_name(flow: Flow) -> None:
    assert Form(flow.authorize(login_hint="bob").text).offered["username"] == ["bob"]
    assert Form(flow.authorize(login_hint='"><script>').text).offered["username"] == ['"><script>']


def test_the_name_that_was_typed_stays_after_a_mistake(flow: Flow) -> None:
    page = flow.post(flow.authorize(login_hint="bob"), username="alice", password="wrong")
    assert Form(page.text).offered["username"] == ["alice"]


class TestWhereAUserIsApprovedAtOnce:
    @pytest.mark.parametrize("by", ["the seed", "a flag"])
    def test_there_is_no_page(self, start: Start, by: str) -> None:
        flow = start({"auto_approve": "bob"}) if by == "the seed" else start(config={"auto_approve": "bob"})
        for changes in ({}, {"prompt": "none"}, {"prompt": "login consent"}):
            answer = redirected(flow.authorize(scope="openid mcp:read mcp:write", **changes))
            body = flow.exchange(answer["code"]).get_json()
            assert (payload(body["access_token"])["sub"], body["scope"]) == ("bob", "openid mcp:read")

    def test_mistakes_are_still_refused(self, start: Start) -> None:
        flow = start({"auto_approve": "bob"})
        assert redirected(flow.authorize(scope="unknown"))["error"] == "invalid_scope"
        assert redirected(flow.authorize(scope="mcp:admin"))["error"] == "access_denied"
        assert flow.authorize(redirect_uri="https://evil.example/").status_code == 400

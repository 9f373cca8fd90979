"""The login page: what it posts, and what it tells."""

from __future__ import annotations

from typing import Any

import pytest

from devidp.models import Client, User
from tests.web.pages.document import Document
from tests.web.pages.examples import ALICE, login


def test_one_form_posts_the_transaction_a_user_name_and_a_password() -> None:
    page = Document(login())
    form = page.one("form")
    assert (form["method"], form["action"]) == ("post", "/default/login")
    assert page.one("input", type="hidden", name="transaction")["value"] == "t-1"
    assert page.one("input", name="username")["autocomplete"] == "username"
    assert page.one("input", type="password", name="password")["autocomplete"] == "current-password"
    assert len(page.all("input")) == 3
    assert all(form in control.inside for control in (*page.all("input"), *page.all("button")))


def test_enter_submits_the_typed_name_because_the_first_button_names_no_user() -> None:
    first = Document(login()).all("button")[0]
    assert first.text == "Log in"
    assert "name" not in first.attributes


def test_an_empty_password_may_be_submitted() -> None:
    assert all("required" not in field.attributes for field in Document(login()).all("input"))


def test_every_user_has_a_button_with_name_role_and_tenant() -> None:
    alice, bob, mallory = Document(login()).all("button", name="login_as")
    assert (alice["value"], alice.text) == ("alice", "A Log in as Alice Anderson alice · admin · acme")
    assert (bob["value"], bob.text) == ("bob", "B Log in as Bob Brown bob · user · globex")
    assert mallory["value"] == "mallory"


def test_a_disabled_user_is_shown_with_the_reason_and_cannot_be_pressed() -> None:
    alice, _, mallory = Document(login()).all("button", name="login_as")
    assert "disabled" in mallory.attributes
    assert "Disabled in the seed" in mallory.text
    assert "disabled" not in alice.attributes


def test_the_client_and_the_host_that_the_browser_returns_to_are_named() -> None:
    lead = Document(login()).one("p", **{"class": "lead"}).text
    assert lead == "Example web application asks who you are. Your browser then returns to app.example."


@pytest.mark.parametrize(
    ("redirect_uri", "shown"),
    [
        ("http://localhost:3000/callback", "returns to localhost:3000."),
        ("http://[::1]:3000/callback", "returns to [::1]:3000."),
        ("https://good.example@evil.example/", "returns to evil.example."),
        ("cursor://anysphere.cursor-mcp/oauth/callback", "opens the application that takes cursor: links."),
        ("com.example.app:/callback", "opens the application that takes com.example.app: links."),
    ],
)
def test_where_the_browser_returns_to_is_the_part_of_the_uri_that_decides(redirect_uri: str, shown: str) -> None:
    assert Document(login(redirect_uri=redirect_uri)).one("p", **{"class": "lead"}).text.endswith(shown)


def test_a_client_without_a_name_is_called_by_its_id() -> None:
    assert "web asks who you are" in Document(login(client=Client("web", " "))).text


def test_a_problem_is_an_alert_that_describes_the_field_and_shows_in_the_title() -> None:
    page = Document(login(username="alise", problem="There is no user 'alise'."))
    alert = page.one("p", role="alert")
    field = page.one("input", name="username")
    assert alert.text == "There is no user 'alise'."
    assert (field["value"], field["aria-describedby"]) == ("alise", alert["id"])
    assert page.one("title").text.startswith("Problem: ")


def test_without_a_problem_there_is_no_alert() -> None:
    assert not Document(login()).all("p", role="alert")


def test_the_password_is_called_optional_only_where_a_user_has_none() -> None:
    nobody = User("guest", "9")
    assert "Leave it empty" not in Document(login(users=[ALICE])).text
    assert "Leave it empty" in Document(login(users=[ALICE, nobody])).text


def test_claims_of_any_shape_make_a_hint_or_none() -> None:
    shapes: list[dict[str, Any]] = [
        {"roles": "admin"},
        {"groups": ["a", 1]},
        {"roles": {"x": 1}, "org_id": "o"},
        {"name": 7},
    ]
    users = [User(f"u{number}", "s", None, claims) for number, claims in enumerate(shapes)]
    texts = [button.text.removeprefix("U Log in as ") for button in Document(login(users=users)).all("button")[1:]]
    assert texts == ["u0 u0 · admin", "u1 u1 · a, 1", "u2 u2 · o", "u3 u3"]

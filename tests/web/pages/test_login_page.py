"""The login page: what it posts, and what it tells."""

from __future__ import annotations

from typing import Any

import pytest

from devidp.models import Client, User
from tests.web.pages.document import Document
from tests.web.pages.examples import BOB, login


def test_the_first_form_posts_what_is_typed_and_the_second_a_user() -> None:
    """In this order: programs that log in fill the first form of a page."""
    page = Document(login())
    typed, people = page.all("form")
    for form in (typed, people):
        assert (form["method"], form["action"]) == ("post", "/default/login")
    assert [field["value"] for field in page.all("input", type="hidden", name="transaction")] == ["t-1", "t-1"]
    assert all(button["form"] == people["id"] for button in page.all("button", name="login_as"))
    assert page.one("input", name="username")["autocomplete"] == "username"
    assert page.one("input", type="password", name="password")["autocomplete"] == "current-password"
    assert all(typed in page.one("input", name=name).inside for name in ("username", "password"))


def test_enter_submits_the_typed_name_because_the_only_button_of_its_form_names_no_user() -> None:
    page = Document(login())
    (only,) = [button for button in page.all("button") if page.all("form")[0] in button.inside]
    assert only.text == "Log in"
    assert "name" not in only.attributes


def test_enter_in_the_search_field_searches() -> None:
    page = Document(login(users=MANY))
    assert page.one("input", name="find")["form"] == "people"
    assert next(button for button in page.all("button") if button["form"] == "people")["name"] == "search"


def focused(page: str) -> str:
    """The name of the one control that has the focus."""
    (found,) = [each for each in Document(page).elements if "autofocus" in each.attributes]
    return found["name"] + found["value"] * (found["name"] == "login_as")


def test_the_focus_is_where_a_person_goes_on() -> None:
    assert focused(login()) == "login_asalice"
    assert focused(login(expected=BOB)) == "login_asbob"
    assert focused(login(users=[])) == "username"
    assert focused(login(username="bob", problem="That is not the password")) == "password"
    assert focused(login(users=MANY)) == "find"


MANY = [User(f"user{number}", str(number), None, {"email": f"u{number}@x.example"}) for number in range(10_000)]


def test_ten_users_can_be_searched_and_of_many_only_some_are_shown() -> None:
    assert not Document(login(users=MANY[:9])).all("input", name="find")
    assert Document(login(users=MANY[:10])).all("input", name="find")
    page = login(users=MANY)
    assert len(page) < 60_000
    assert len(Document(page).all("button", name="login_as")) == 50
    assert "And 9950 more" in Document(page).text


@pytest.mark.parametrize(("find", "found"), [("USER777", 11), ("u9999@", 1), ("  user12 ", 50), ("nobody", 0)])
def test_users_are_found_by_a_part_of_name_or_email(find: str, found: int) -> None:
    page = Document(login(users=MANY, find=find))
    assert len(page.all("button", name="login_as")) == found
    assert page.one("input", name="find")["value"] == find


def test_letters_and_their_marks_are_found_in_any_form() -> None:
    users = [*MANY, User("zo\u00eb", "z", None, {"name": "Ame\u0301lie"})]
    for find in ("ZOE\u0308", "am\u00e9"):
        assert [each["value"] for each in Document(login(users=users, find=find)).all("button", name="login_as")] == [
            "zo\u00eb"
        ]


def test_who_is_expected_stands_first() -> None:
    buttons = Document(login(expected=BOB)).all("button", name="login_as")
    assert [button["value"] for button in buttons] == ["bob", "alice", "mallory"]


def test_an_empty_password_may_be_submitted() -> None:
    assert all("required" not in field.attributes for field in Document(login()).all("input"))


def test_every_user_has_a_button_with_name_role_and_tenant() -> None:
    alice, bob, mallory = Document(login()).all("button", name="login_as")
    assert (alice["value"], alice.text) == ("alice", "Log in as Alice Anderson alice · admin · acme")
    assert (bob["value"], bob.text) == ("bob", "BB Log in as Bob Brown bob · user · globex")
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


def test_claims_of_any_shape_make_a_hint_or_none() -> None:
    shapes: list[dict[str, Any]] = [
        {"roles": "admin"},
        {"groups": ["a", 1]},
        {"roles": {"x": 1}, "org_id": "o"},
        {"name": 7},
    ]
    users = [User(f"u{number}", "s", None, claims) for number, claims in enumerate(shapes)]
    texts = [
        button.text.removeprefix("U Log in as ")
        for button in Document(login(users=users)).all("button", name="login_as")
    ]
    assert texts == ["u0 u0 · admin", "u1 u1 · a, 1", "u2 u2 · o", "u3 u3"]

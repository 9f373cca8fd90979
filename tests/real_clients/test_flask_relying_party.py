"""A web application with Authlib's Flask client, used by a person in a browser from the first page to the last."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.real_clients.browser import Browser
from tests.real_clients.relying_party import relying_party
from tests.serving import wsgi_served


@pytest.fixture
def person() -> Iterator[Browser]:
    """A browser that goes wherever it is sent."""
    opened = Browser()
    yield opened
    opened.close()


@pytest.fixture
def application(issuer: str) -> Iterator[str]:
    with wsgi_served(lambda _: relying_party(issuer)) as (base_url, _):
        yield base_url


def test_a_visitor_is_sent_to_log_in_and_comes_back_as_somebody(person: Browser, application: str) -> None:
    page = person.visit(application)
    assert page.has("Password")
    page = person.press(person.log_in(page), "Allow")
    assert page.address == f"{application}/"
    assert page.text == "Hello Alice Anderson, alice@acme.example"


def test_one_click_is_enough_to_log_in(person: Browser, application: str) -> None:
    page = person.press(person.visit(application), "Bob Brown")
    page = person.press(page, "Allow")
    assert page.text.startswith("Hello Bob Brown")


def test_a_wrong_password_does_not_get_in_and_the_second_try_does(person: Browser, application: str) -> None:
    page = person.log_in(person.visit(application), "alice", "wrong")
    assert "not the password of alice" in page.text
    page = person.press(person.log_in(page), "Allow")
    assert page.text.startswith("Hello Alice")


def test_a_disabled_user_stays_outside(person: Browser, application: str) -> None:
    page = person.log_in(person.visit(application), "mallory")
    assert "mallory is disabled" in page.text


def test_a_second_login_asks_nothing_again(person: Browser, application: str) -> None:
    person.authorize(application)
    assert person.visit(f"{application}/logout").text == "Bye"
    assert person.visit(application).text.startswith("Hello Alice")


def test_the_application_learns_that_the_user_said_no(person: Browser, application: str) -> None:
    page = person.press(person.log_in(person.visit(application)), "Deny")
    assert (page.status, page.text) == (403, "The login failed: access_denied")


def test_the_user_may_give_less_than_was_asked_for(person: Browser, application: str) -> None:
    page = person.log_in(person.visit(application))
    page.untick("See your email address")
    page = person.press(page, "Allow")
    assert page.text == "Hello Alice Anderson, address unknown"

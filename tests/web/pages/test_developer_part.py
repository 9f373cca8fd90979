"""What the pages show to a developer: the values that came, and the buttons, where no Enter presses them."""

from __future__ import annotations

import pytest

from devidp.models import User
from tests.web.pages.document import Document
from tests.web.pages.examples import consent, developer, login, second_factor

MANY = [User(f"user{number}", str(number), None) for number in range(12)]


@pytest.mark.parametrize("page", [login, consent, second_factor])
def test_the_buttons_to_try_out_are_the_last_of_their_form(page: object) -> None:
    """The first button of a form is what Enter presses."""
    assert callable(page)
    document = Document(page(developer=developer("a value", "state-changed")))
    tried = document.all("button", name="answer_with")
    assert [button["value"] for button in tried] == ["access_denied", "sound", "state-changed"]
    (form,) = {button["form"] for button in tried}
    buttons = document.all("button")
    assert buttons[-len(tried) :] == tried
    assert document.one("form", id=form)["method"] == "post"


def test_enter_in_the_search_field_does_not_take_back_what_was_chosen() -> None:
    page = Document(login(users=MANY, developer=developer("a value", "state-changed")))
    assert next(button for button in page.all("button") if button["form"] == "people")["name"] == "search"


def test_what_was_chosen_is_said_above_and_can_be_taken_back() -> None:
    assert "The answer will be wrong" not in Document(login()).text
    page = Document(login(developer=developer("a value", "state-changed")))
    assert "The answer will be wrong, as you asked below: state-changed" in page.one("p", role="status").text
    assert page.one("button", value="sound").text == "Answer as it should be"

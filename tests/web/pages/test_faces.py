"""What stands for a person on a page: a picture that the page itself holds, or initials."""

from __future__ import annotations

from typing import Any

import pytest

from devidp.models import User
from tests.web.pages.document import Document
from tests.web.pages.examples import login

PNG = "data:image/png;base64,iVBORw0KGgo="


def faces(*claims: dict[str, Any]) -> Document:
    return Document(login(users=[User(f"user{number}", str(number), None, each) for number, each in enumerate(claims)]))


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Alice Anderson", "AA"),
        ("Ana Maria de la Cruz", "AC"),
        ("bob", "B"),
        ("  (Émile)  Zola-Ångström ", "ÉZ"),
        ("ßen", "S"),
        ("王 小明", "王小"),
        ("\u202e\u0301\u0302 ... ", "?"),
        ("x" * 5000 + " Zoe", "X"),
    ],
)
def test_initials_are_of_the_first_and_the_last_name(name: str, initials: str) -> None:
    (face,) = [each for each in faces({"name": name}).all("span") if each["class"].startswith("face")]
    assert face.text == initials
    assert face["aria-hidden"] == "true"


@pytest.mark.parametrize(
    "picture",
    [PNG, "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Cscript%3Ealert(1)%3C/script%3E%3C/svg%3E"],
)
def test_a_picture_of_the_seed_is_shown_as_an_image_that_says_nothing(picture: str) -> None:
    image = faces({"name": "Alice", "picture": picture}).one("img")
    assert image.attributes == {"src": picture, "alt": ""}


@pytest.mark.parametrize(
    "picture",
    [
        "https://cdn.example/alice.png",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        'data:image/svg+xml"onerror=alert(1),',
        " " + PNG,
        PNG + "A" * 16_000,
        ["data:image/png;base64,"],
        None,
    ],
)
def test_what_is_elsewhere_or_no_picture_or_too_large_is_not_shown(picture: object) -> None:
    page = faces({"name": "Alice", "picture": picture})
    assert page.all("img") == []
    assert "A" in page.text


def test_a_page_of_many_pictures_stays_small() -> None:
    pictured = [{"name": f"User {number}", "picture": PNG + "A" * 9_000} for number in range(50)]
    page = faces(*pictured)
    assert len(page.all("img")) == 4
    assert len(page.all("button", name="login_as")) == 50

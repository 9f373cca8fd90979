"""No page is large, whatever others have written and however much of it there is."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest

from devidp import DevIdP
from tests.dashboard.browser import LARGEST_PAGE
from tests.dashboard.visitor import Visitor

MARKUP = '"<&>' * 1500
LONGEST_NAME = "\U0001f600" * 255
ISSUERS = [f"issuer-{number:02}-{'y' * 30}" for number in range(60)]


@pytest.fixture(scope="module")
def crowded() -> Iterator[DevIdP]:
    seed = {
        "users": {
            LONGEST_NAME: {"claims": {"name": MARKUP, "email": MARKUP, "roles": [MARKUP, MARKUP], "note": MARKUP}},
            **{f"user-{number}": {"claims": {"name": "N" * 300}} for number in range(50)},
        },
        "clients": {
            "web": {
                "secret": "s",
                "redirect_uris": [f"http://localhost:3000/{'a' * 200}/{number}" for number in range(200)],
                "grants": ["authorization_code"],
            },
            **{f"c-{number}": {"secret": "s", "grants": ["client_credentials"]} for number in range(50)},
        },
        "issuers": {name: {} for name in ISSUERS},
    }
    with DevIdP(seed) as idp:
        yield idp


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("controls/users", {}),
        ("controls/users/one", {"username": LONGEST_NAME}),
        ("controls/users/one", {"username": LONGEST_NAME, "issuer": ISSUERS[-1]}),
        ("controls/clients", {}),
        ("controls/clients/one", {"client_id": "web"}),
        ("controls/keys", {"issuer": ISSUERS[-1]}),
        ("controls/faults", {"name": "expired", "client": MARKUP, "user": MARKUP, "times": MARKUP}),
        ("controls/sessions", {"user": MARKUP}),
        ("connect", {"issuer": ISSUERS[-1]}),
        ("tokens", {"user": LONGEST_NAME}),
    ],
    ids=lambda given: given if isinstance(given, str) else ",".join(given),
)
def test_a_page_is_small(crowded: DevIdP, path: str, query: dict[str, str]) -> None:
    with httpx.Client(base_url=crowded.url, follow_redirects=True) as client:
        page = client.get(f"/_devidp/{path}?{urlencode(query)}")
    assert page.status_code in (200, 400 if "sessions" in path else 200)
    assert len(page.content) <= LARGEST_PAGE


def test_of_many_issuers_one_is_chosen_by_its_name(crowded: DevIdP) -> None:
    with Visitor(crowded) as visitor:
        page = visitor.get("/controls/users/one", username="user-1", issuer=ISSUERS[-1]).text
        assert f'name="issuer" value="{ISSUERS[-1]}" list="issuer-list"' in page
        assert '<input type="hidden" name="username" value="user-1">' in page


def test_what_was_done_to_the_longest_name_fits_into_a_cookie(crowded: DevIdP) -> None:
    with Visitor(crowded) as visitor:
        page = visitor.post("/controls/users/one", username=LONGEST_NAME, issuer=ISSUERS[0], action="disable")
    assert "refused everywhere" in page.text


def test_a_user_name_is_no_longer_than_a_subject_may_be(crowded: DevIdP) -> None:
    with Visitor(crowded) as visitor:
        answer = visitor.post("/controls/users/new", username="x" * 256)
    assert answer.status_code == 400
    assert "256 characters, expected 255 at most" in answer.text

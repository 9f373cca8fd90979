"""Members that a seed adds to the answer of the token endpoint, as providers have them."""

from __future__ import annotations

import pytest

from devidp.seed import SeedError
from devidp.system.clock import Clock
from tests.flow import Flow, payload
from tests.shipped import Start, shipped

ADDED = {"session": "{sid}", "left": "{refresh_expires_in}", "ext": {"client": "{client_id}"}, "not-before-policy": 0}


@pytest.fixture
def flow(start: Start, frozen: Clock) -> Flow:
    return start({"token_response": ADDED, "lifetimes": {"refresh_token": 90}, "refresh_grace": "20s"})


def test_they_say_what_was_granted(flow: Flow) -> None:
    answer = flow.tokens()
    assert answer["session"] == payload(answer["id_token"])["sid"]
    assert (answer["left"], answer["ext"], answer["not-before-policy"]) == (90, {"client": "web"}, 0)


def test_what_there_is_not_is_left_out(flow: Flow) -> None:
    answer = flow.token("service", grant_type="client_credentials").get_json()
    assert answer.keys() == {
        "access_token", "token_type", "expires_in", "scope", "ext", "not-before-policy",
    }  # fmt: skip


def test_a_refresh_that_is_repeated_says_what_is_left(flow: Flow, frozen: Clock) -> None:
    token = flow.tokens()["refresh_token"]
    assert flow.refresh(token).get_json()["left"] == 90
    frozen.advance(10)
    assert flow.refresh(token).get_json()["left"] == 80


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ({"access_token": "x"}, "token_response.access_token: access_token is set by the endpoint"),
        ({"session": "{sit}"}, "'sit' is no placeholder"),
        ("session", "expected a mapping of members"),
    ],
)
def test_what_the_endpoint_says_itself_and_what_stands_for_nothing_is_refused(added: object, said: str) -> None:
    with pytest.raises(SeedError) as caught:
        shipped({"token_response": added})
    assert said in str(caught.value)

"""Sixteen requests at once with one code or refresh token: exactly one of them gets tokens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.refusal import refusal
from tests.shipped import Start

pytestmark = pytest.mark.contract

RUNNERS = 16


@pytest.fixture(params=["on disk", "in memory"])
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path if request.param == "on disk" else None


def race(ask: Callable[[], TestResponse]) -> list[TestResponse]:
    """The answers of as many threads, which start together."""
    barrier = threading.Barrier(RUNNERS)
    answers: list[TestResponse] = []

    def run() -> None:
        barrier.wait()
        answers.append(ask())

    threads = [threading.Thread(target=run) for _ in range(RUNNERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == RUNNERS
    return answers


def separated(answers: list[TestResponse]) -> tuple[list[TestResponse], list[TestResponse]]:
    won = [answer for answer in answers if answer.status_code == 200]
    return won, [answer for answer in answers if answer.status_code != 200]


def test_one_code_is_exchanged_once(start: Start, data: Path | None) -> None:
    flow = start(data=data)
    code = flow.redirect()["code"]
    won, lost = separated(race(lambda: flow.other_browser().exchange(code)))
    assert len(won) == 1
    assert {refusal(answer) for answer in lost} == {(400, "invalid_grant")}
    assert not flow.is_active(won[0].get_json()["access_token"])
    assert not flow.is_active(won[0].get_json()["refresh_token"])


def test_one_refresh_token_is_rotated_once(start: Start, data: Path | None) -> None:
    flow = start({"refresh_grace": 0}, data=data)
    token = flow.tokens()["refresh_token"]
    won, lost = separated(race(lambda: flow.other_browser().refresh(token)))
    assert len(won) == 1
    assert {refusal(answer) for answer in lost} == {(400, "invalid_grant")}
    assert not flow.is_active(won[0].get_json()["access_token"])


def test_within_the_grace_window_all_get_the_same_successor(start: Start, data: Path | None) -> None:
    flow = start({"refresh_grace": "1m"}, data=data)
    token = flow.tokens()["refresh_token"]
    won, lost = separated(race(lambda: flow.other_browser().refresh(token)))
    assert lost == []
    successors = {answer.get_json()["refresh_token"] for answer in won}
    assert len(successors) == 1
    assert flow.refresh(successors.pop()).status_code == 200


def test_the_first_requests_of_all_are_signed_with_one_key(start: Start, data: Path | None) -> None:
    flow = start(data=data)
    answers = race(lambda: flow.other_browser().token("service", grant_type="client_credentials"))
    assert {answer.status_code for answer in answers} == {200}
    assert len(flow.http.get("/default/.well-known/jwks.json").get_json()["keys"]) == 1
    assert all(flow.is_active(answer.get_json()["access_token"]) for answer in answers)

"""One clock: codes, tokens, sessions, refresh and introspection follow it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from joserfc.jws import extract_compact

from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError
from tests.flow import Flow


def test_tokens_expire_when_the_clock_is_advanced(control: Controller, flow: Flow) -> None:
    token = flow.tokens()["access_token"]
    control.clock.advance("59m")
    assert flow.introspect(token)["active"]
    control.clock.advance("2m")
    assert not flow.introspect(token)["active"]


def test_codes_and_refresh_tokens_follow_the_clock(control: Controller, flow: Flow) -> None:
    late = flow.redirect()["code"]
    control.clock.advance("61s")
    assert flow.exchange(late).get_json()["error"] == "invalid_grant"
    refresh_token = flow.tokens()["refresh_token"]
    control.clock.advance("31d")
    assert "expired" in flow.refresh(refresh_token).get_json()["error_description"]


def test_sessions_follow_the_clock(control: Controller, flow: Flow) -> None:
    flow.redirect()
    assert flow.authorize().status_code == 303
    control.clock.advance("9h")
    assert flow.authorize().status_code == 200


def test_a_frozen_clock_stands_and_goes_on(control: Controller) -> None:
    control.clock.freeze()
    stands = control.clock.now()
    assert control.clock.now() == stands
    control.clock.advance(10)
    assert control.clock.now() == stands + 10
    control.clock.resume()
    assert control.clock.now() > stands + 10


@pytest.mark.parametrize(
    "instant",
    [
        "2030-01-31T12:00:00Z",
        "2030-01-31T13:00:00+01:00",
        1896091200,
        "1896091200",
        datetime(2030, 1, 31, 12, tzinfo=UTC),
    ],
)
def test_an_instant_can_be_set_in_every_usual_form(
    control: Controller, flow: Flow, instant: str | float | datetime
) -> None:
    control.clock.freeze()
    control.clock.set(instant)
    assert control.clock.now() == 1896091200
    token = flow.tokens()["access_token"]
    assert b'"iat": 1896091200' in extract_compact(token.encode()).payload.replace(b'":', b'": ').replace(b":  ", b": ")


def test_reset_is_the_machines_time_again(control: Controller) -> None:
    before = control.clock.now()
    control.clock.advance(timedelta(days=-1))
    control.clock.freeze()
    control.clock.reset()
    assert before <= control.clock.now() < before + 60


NO_NUMBERS = [True, None, pytest.param(10**400, id="huge"), float("nan"), float("inf")]


@pytest.mark.parametrize("wrong", ["two hours", "2 hours", "", "1.5h", *NO_NUMBERS])
def test_an_invalid_duration_is_refused_with_the_expected_form(control: Controller, wrong: str) -> None:
    with pytest.raises(ControlError, match="30s, 15m"):
        control.clock.advance(wrong)


@pytest.mark.parametrize("wrong", ["tomorrow", "2030-01-31T12:00:00", "20300131", datetime(2030, 1, 1), *NO_NUMBERS])  # noqa: DTZ001 - the mistake itself
def test_an_invalid_instant_is_refused_with_the_expected_form(control: Controller, wrong: str) -> None:
    with pytest.raises(ControlError, match="time zone"):
        control.clock.set(wrong)


def test_the_clock_stays_within_what_a_date_can_say(control: Controller) -> None:
    with pytest.raises(ControlError, match="1970 to 9999"):
        control.clock.advance("-3000w")

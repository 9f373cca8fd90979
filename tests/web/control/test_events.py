"""Events: found, awaited, asserted, and tied together by their flow."""

from __future__ import annotations

import threading

import pytest

from devidp.web.control.controller import Controller
from devidp.web.control.errors import UnknownName
from tests.flow import Flow

pytestmark = pytest.mark.contract


def test_every_request_of_a_flow_carries_the_same_flow_id(control: Controller, flow: Flow) -> None:
    tokens = flow.tokens()
    flow.refresh(tokens["refresh_token"])
    flow.introspect(tokens["access_token"])
    one = {event.flow for event in control.events.find()}
    assert len(one) == 1
    assert one != {""}
    endpoints = [event.endpoint for event in control.events.find(flow=one.pop())]
    assert endpoints == ["authorize", "login", "consent", "token", "token", "introspect"]


def test_two_flows_have_two_ids(control: Controller, flow: Flow) -> None:
    flow.tokens()
    flow.tokens()
    assert len({event.flow for event in control.events.find("token")}) == 2


def test_events_are_found_by_their_fields(control: Controller, flow: Flow) -> None:
    flow.tokens()
    flow.exchange("a code", client="spa")
    assert [event.client for event in control.events.find("token", error="invalid_grant")] == ["spa"]
    assert control.events.find("token", client="web", scope="mcp:read")[0].user == "alice"
    assert control.events.find(status=400)[0].reason.startswith("The code is not known")
    assert control.events.find(reason="not known", remedy="Start again")


def test_a_missing_event_is_explained_by_the_nearest_one(control: Controller, flow: Flow) -> None:
    flow.tokens()
    with pytest.raises(AssertionError) as unseen:
        control.events.assert_seen("token", client="web", user="bob", scope="mcp:write")
    text = str(unseen.value)
    assert "devidp saw no event with endpoint='token' client='web' user='bob' scope='mcp:write'" in text
    assert "default/token client=web user=alice" in text
    assert "user: expected 'bob', was 'alice'" in text
    assert "scope: expected a part 'mcp:write', was 'openid mcp:read'" in text
    assert "client:" not in text


def test_an_empty_event_log_is_reported_as_such(control: Controller) -> None:
    with pytest.raises(AssertionError, match="it saw none at all"):
        control.events.assert_seen("token")


def test_the_absence_of_an_event_can_be_asserted(control: Controller, flow: Flow) -> None:
    control.events.assert_not_seen("token")
    flow.tokens()
    with pytest.raises(AssertionError, match="default/token client=web"):
        control.events.assert_not_seen("token")


def test_waiting_ends_when_the_event_comes(control: Controller, flow: Flow) -> None:
    client = threading.Thread(target=flow.exchange, args=("a code",))
    client.start()
    assert control.events.wait_for("token", timeout=120, client="web").error == "invalid_grant"
    client.join()


def test_a_timeout_shows_the_nearest_event(control: Controller, flow: Flow) -> None:
    flow.authorize()
    with pytest.raises(AssertionError, match=r"within 0.01 s\nthe nearest of 1: .*default/authorize"):
        control.events.wait_for("token", timeout=0.01)


def test_a_field_that_events_do_not_have_is_refused(control: Controller) -> None:
    with pytest.raises(UnknownName, match="there is no field of events 'clinet', did you mean 'client'"):
        control.events.find(clinet="web")


def test_an_endpoint_that_there_is_not_is_refused(control: Controller) -> None:
    """Or what a misspelt name does would be taken for what was not seen."""
    with pytest.raises(UnknownName, match="there is no endpoint 'tokn', did you mean 'token'"):
        control.events.assert_not_seen("tokn")
    for name in ("landing", "health", "control", "unknown", "backchannel-logout"):
        control.events.assert_not_seen(name)


def test_no_event_holds_a_secret(control: Controller, flow: Flow) -> None:
    code = flow.redirect()["code"]
    tokens = flow.exchange(code).get_json()
    flow.refresh(tokens["refresh_token"])
    everything = repr(control.events.find())
    for secret in (code, tokens["access_token"], tokens["refresh_token"], tokens["id_token"], "web-secret"):
        assert secret not in everything

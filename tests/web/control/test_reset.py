"""Reset: everything is as the seed has it."""

from __future__ import annotations

import pytest

from devidp.web.control.controller import Controller
from tests.flow import Flow
from tests.web.control.test_key_control import kids

pytestmark = pytest.mark.contract


def test_reset_forgets_all_that_happened(control: Controller, flow: Flow) -> None:
    tokens = flow.tokens("bob")
    registered = flow.http.post("/default/register", json={"redirect_uris": ["http://localhost/cb"]}).get_json()
    control.clock.advance("10d")
    control.users["bob"].disable()
    control.users.add("carol")
    control.reset()
    assert flow.authorize().status_code == 200
    assert flow.refresh(tokens["refresh_token"]).get_json()["error"] == "invalid_grant"
    assert registered["client_id"] not in control.clients
    assert list(control.users) == ["alice", "bob", "mallory"]
    assert not control.users["bob"].record.disabled
    assert control.clock.state.offset == 0
    assert flow.tokens("bob")["scope"] == "openid mcp:read"


def test_reset_keeps_the_keys_unless_asked(control: Controller, flow: Flow) -> None:
    kid = control.keys.rotate(overlap=False, publish=False).kid
    control.reset()
    assert kids(flow.http) == [kid]
    control.reset(keys=True)
    assert len(kids(flow.http)) == 1
    assert kids(flow.http) != [kid]


def test_reset_forgets_events_and_cursors_stay_valid(control: Controller, flow: Flow) -> None:
    flow.authorize()
    _, cursor = control.events.since()
    control.reset()
    assert control.events.find() == []
    flow.authorize()
    found, _ = control.events.since(cursor)
    assert [event.endpoint for event in found] == ["authorize"]

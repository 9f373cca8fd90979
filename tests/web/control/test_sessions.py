"""Who is logged in where, what users have authorized and agreed to, and the end of it, in Python and over HTTP."""

from __future__ import annotations

import pytest

from devidp.system.clock import Clock
from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError, UnknownName
from tests.flow import Flow, payload
from tests.shipped import Start

pytestmark = pytest.mark.contract

API = "/_devidp/api"


def test_a_session_says_who_is_logged_in_where_since_when(control: Controller, flow: Flow, clock: Clock) -> None:
    tokens = flow.tokens()
    (session,) = control.sessions.find("alice")
    assert session.id == payload(tokens["id_token"])["sid"]
    assert (session.user, session.issuer, session.clients, session.amr) == ("alice", "default", ("web",), ("pwd",))
    assert session.user_agent.startswith("Werkzeug/")
    assert session.expires_at - session.auth_time == 8 * 3600
    assert flow.http.get(f"{API}/sessions?user=alice").get_json()["sessions"][0]["id"] == session.id
    clock.advance(8 * 3600 + 1)
    assert control.sessions.find() == []
    assert control.sessions.count() == 0


def test_the_end_of_a_session_logs_the_browser_out(control: Controller, flow: Flow) -> None:
    flow.tokens()
    (session,) = control.sessions.find()
    assert "error" not in flow.authorize(prompt="none").headers["Location"]
    assert flow.http.delete(f"{API}/sessions/{session.id}").get_json() == {"ended": 1}
    assert "error=login_required" in flow.authorize(prompt="none").headers["Location"]
    with pytest.raises(UnknownName, match="no session"):
        control.sessions.end(session.id)


@pytest.mark.parametrize("revokes", [True, False])
def test_the_end_of_a_session_is_a_logout(start: Start, revokes: bool) -> None:
    flow = start({"logout": {"revoke_tokens": revokes}})
    control, tokens = Controller(flow.runtime), flow.tokens(scope="openid")
    control.sessions.end(control.sessions.find()[0].id)
    assert flow.introspect(tokens["access_token"])["active"] is not revokes


def test_all_sessions_of_a_user_end_and_nobody_elses(control: Controller, flow: Flow) -> None:
    browsers = [flow, Flow(flow.http.application), Flow(flow.http.application)]
    for browser, user in zip(browsers, ("alice", "alice", "bob"), strict=True):
        browser.tokens(user)
    assert flow.http.delete(f"{API}/sessions?user=alice").get_json() == {"ended": 2}
    assert [each.user for each in control.sessions.find()] == ["bob"]
    assert control.sessions.end_all() == 1


def test_an_authorization_says_what_its_tokens_can_do(control: Controller, flow: Flow, clock: Clock) -> None:
    tokens = flow.tokens(scope="openid mcp:read")
    (given,) = control.authorizations.find("alice")
    assert payload(tokens["access_token"])["jti"].startswith(given.id)
    assert (given.user, given.client, given.issuer, given.ended) == ("alice", "web", "default", False)
    assert (given.refresh_token, set(given.scope)) == ("usable", {"openid", "mcp:read"})
    assert given.session == control.sessions.find()[0].id
    later = flow.refresh(tokens["refresh_token"]).get_json()
    assert control.authorizations.find()[0].refresh_token == "usable"
    clock.advance(600)
    flow.refresh(tokens["refresh_token"])  # a replay
    assert (control.authorizations.find()[0].ended, control.authorizations.find()[0].refresh_token) == (True, "ended")
    assert "error" in flow.refresh(later["refresh_token"]).get_json()
    clock.advance(61 * 86400)
    assert control.authorizations.find() == []


def test_a_refresh_token_that_expired_before_its_authorization(control: Controller, flow: Flow) -> None:
    control.clients["web"].change(lifetimes={"refresh_token": "60s"})
    flow.tokens()
    control.clock.advance(61)
    assert control.authorizations.find()[0].refresh_token == "expired"


def test_one_authorization_is_revoked_and_no_other(control: Controller, flow: Flow) -> None:
    first, second = flow.tokens(), flow.tokens(client="spa")
    (of_spa,) = control.authorizations.find(client="spa")
    assert flow.http.delete(f"{API}/authorizations/{of_spa.id}").get_json() == {"ended": 1}
    assert not flow.introspect(second["access_token"])["active"]
    assert flow.introspect(first["access_token"])["active"]
    with pytest.raises(ControlError, match="has ended already"):
        control.authorizations.end(of_spa.id)
    with pytest.raises(UnknownName, match="no authorization"):
        control.authorizations.end("nothing")


def test_long_lists_come_in_pages(control: Controller, flow: Flow) -> None:
    for _ in range(3):
        Flow(flow.http.application).tokens()
        control.clock.advance(1)
    answer = flow.http.get(f"{API}/sessions?limit=2&offset=2").get_json()
    assert (len(answer["sessions"]), answer["total"]) == (1, 3)
    assert answer["sessions"][0]["auth_time"] == min(each.auth_time for each in control.sessions.find())
    assert len(flow.http.get(f"{API}/authorizations?limit=2").get_json()["authorizations"]) == 2
    for wrong in ("limit=0", "limit=1001", "limit=x", "offset=-1"):
        refused = flow.http.get(f"{API}/sessions?{wrong}")
        assert refused.status_code == 400
        assert "whole number" in refused.get_json()["error_description"]


def test_a_name_that_nobody_has_is_refused(flow: Flow) -> None:
    for query in ("sessions?user=alcie", "authorizations?user=alcie", "authorizations?client=wbe", "sessions?issuer=x"):
        answer = flow.http.get(f"{API}/{query}")
        assert answer.status_code == 404, query
        assert "there is no" in answer.get_json()["error_description"]


def test_consents_are_shown_and_forgotten(control: Controller, flow: Flow) -> None:
    flow.tokens(client="spa", scope="openid mcp:read")
    (consent,) = control.users["alice"].consents()
    assert (consent.client, consent.issuer, set(consent.scopes)) == ("spa", "default", {"openid", "mcp:read"})
    assert "code=" in flow.authorize(client_id="spa", scope="openid").headers["Location"]
    path = f"{API}/users/alice/consents"
    assert flow.http.get(path).get_json()["consents"][0]["client"] == "spa"
    assert flow.http.delete(f"{path}?client=web").get_json() == {"forgotten": 0}
    assert flow.http.delete(path).get_json() == {"forgotten": 1}
    assert flow.authorize(client_id="spa", scope="openid").status_code == 200

"""Step-up: a client that asks for a further scope of a resource gets a token with it and with those that it has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from devidp.system.clock import Clock
from tests.flow import MCP, Flow, answered, payload
from tests.shipped import Start
from tests.web.pages.document import Document

pytestmark = pytest.mark.contract

OTHER = "http://localhost:9999/mcp"
CODEX = "https://chatgpt.com/oauth/codex/client.json"
CODEX_REDIRECT = "http://127.0.0.1:1455/callback"


@pytest.fixture
def client(flow: Flow) -> str:
    return flow.registered()


def granted(flow: Flow, client: str, scope: str | None, **changes: Any) -> str:
    """The scope of the token, which is also that of the token response."""
    body = flow.tokens(**{"client": client, "scope": scope, "resource": MCP, **changes})
    assert payload(body["access_token"])["scope"] == body["scope"]
    return str(body["scope"])


def test_who_asks_for_both_gets_both(flow: Flow, client: str) -> None:
    assert granted(flow, client, "mcp:read") == "mcp:read"
    assert granted(flow, client, "mcp:read mcp:write") == "mcp:read mcp:write"


def test_who_asks_for_the_further_scope_alone_gets_both(flow: Flow, client: str) -> None:
    assert granted(flow, client, "mcp:read offline_access") == "mcp:read offline_access"
    assert granted(flow, client, "mcp:write") == "mcp:write mcp:read offline_access"
    assert granted(flow, client, "mcp:admin") == "mcp:admin mcp:write mcp:read offline_access"


def test_both_are_there_after_a_refresh_too(flow: Flow, client: str) -> None:
    granted(flow, client, "mcp:read")
    token = flow.tokens(client=client, scope="mcp:write", resource=MCP)["refresh_token"]
    assert flow.refresh(token, client).get_json()["scope"] == "mcp:write mcp:read"


def test_who_asks_for_less_gets_less(flow: Flow, client: str) -> None:
    granted(flow, client, "mcp:read mcp:write")
    assert granted(flow, client, "mcp:read") == "mcp:read"
    assert granted(flow, client, "mcp:write") == "mcp:write mcp:read"


@pytest.mark.parametrize(
    ("changes", "got"),
    [
        ({"resource": OTHER}, "mcp:write"),
        ({"resource": [MCP, OTHER]}, "mcp:write"),
        ({"resource": f"{MCP}/"}, "mcp:write mcp:read"),
        ({"resource": None}, "mcp:write mcp:read"),
        ({"username": "bob"}, "openid"),
    ],
)
def test_it_is_for_the_same_resource_and_the_same_user(
    flow: Flow, client: str, changes: dict[str, Any], got: str
) -> None:
    granted(flow, client, "mcp:read")
    browser = flow.other_browser() if "username" in changes else flow
    assert granted(browser, client, "openid mcp:write" if got == "openid" else "mcp:write", **changes) == got


def test_another_client_of_the_same_user_gains_nothing(flow: Flow, client: str) -> None:
    granted(flow, client, "mcp:read")
    assert granted(flow, flow.registered(), "mcp:write") == "mcp:write"


def test_what_was_revoked_does_not_come_back(flow: Flow, client: str) -> None:
    token = flow.tokens(client=client, scope="mcp:read", resource=MCP)["refresh_token"]
    flow.revoke(token, client)
    assert granted(flow, client, "mcp:write") == "mcp:write"


def test_what_has_expired_does_not_come_back(start: Start, clock: Clock) -> None:
    flow = start({"lifetimes": {"access_token": "5m", "refresh_token": "1h"}})
    client = flow.registered()
    granted(flow, client, "mcp:read")
    clock.advance(3601)
    assert granted(flow, client, "mcp:write") == "mcp:write"


def test_what_was_granted_outlives_a_restart(start: Start, tmp_path: Path) -> None:
    flow = start(data=tmp_path)
    client = flow.registered()
    granted(flow, client, "mcp:read")
    assert granted(start(data=tmp_path), client, "mcp:write") == "mcp:write mcp:read"


def test_what_the_user_may_not_have_any_more_is_not_kept(start: Start) -> None:
    flow = start()
    client = flow.registered()
    granted(flow, client, "mcp:read")
    edited = start(users={"alice": {"scopes": ["mcp:write"]}})
    flow.runtime.adopt(edited.runtime.seed)
    page = flow.authorize(client_id=client, scope="mcp:write", resource=MCP)
    assert "not available" not in page.text
    assert granted(flow, client, "mcp:write") == "mcp:write"


def test_a_client_with_a_document_steps_up_too(flow: Flow) -> None:
    assert granted(flow, CODEX, "mcp:read", redirect_uri=CODEX_REDIRECT) == "mcp:read"
    assert granted(flow, CODEX, "mcp:write", redirect_uri=CODEX_REDIRECT) == "mcp:write mcp:read"


@pytest.mark.parametrize(
    ("setting", "of_the_seed", "of_itself"),
    [
        ("registered", "mcp:write", "mcp:write mcp:read"),
        ("always", "mcp:write mcp:read", "mcp:write mcp:read"),
        ("never", "mcp:write", "mcp:write"),
    ],
)
def test_the_seed_says_which_clients_keep_what_they_have(
    start: Start, setting: str, of_the_seed: str, of_itself: str
) -> None:
    flow = start({"step_up": setting})
    for client, expected in (("spa", of_the_seed), (flow.registered(), of_itself)):
        granted(flow, client, "mcp:read")
        assert granted(flow, client, "mcp:write") == expected


def test_any_other_setting_is_refused_by_name(start: Start) -> None:
    with pytest.raises(Exception, match="expected one of: registered, always, never"):
        start({"step_up": "sometimes"})


def test_the_consent_page_says_what_is_new_and_what_goes_on(flow: Flow, client: str) -> None:
    first = flow.log_in(flow.authorize(client_id=client, scope="mcp:read mcp:write", resource=MCP))
    assert standing(first.text) == ["mcp:read", "mcp:write"]
    flow.post(first, decision="allow", scope=["mcp:read"])
    page = flow.authorize(client_id=client, scope="mcp:write", resource=MCP)
    assert standing(page.text) == [
        "mcp:write · new",
        "mcp:read · you have allowed this before, and it stays allowed",
    ]
    both = flow.authorize(client_id=client, scope="mcp:read mcp:write", resource=MCP)
    assert standing(both.text) == ["mcp:read · you have allowed this before", "mcp:write · new"]


def test_the_user_may_take_back_what_would_go_on(flow: Flow, client: str) -> None:
    granted(flow, client, "mcp:read")
    page = flow.authorize(client_id=client, scope="mcp:write", resource=MCP)
    code = answered(flow.post(page, decision="allow", scope=["mcp:write"]))["code"]
    assert flow.exchange(code, client).get_json()["scope"] == "mcp:write"
    assert granted(flow, client, "mcp:admin") == "mcp:admin mcp:write"


def test_the_events_say_what_was_kept(flow: Flow, client: str) -> None:
    granted(flow, client, "mcp:read")
    granted(flow, client, "mcp:write")
    assert "kept beside what was asked for: mcp:read" in [
        event.detail for event in flow.runtime.event_log.since()[0] if event.endpoint == "consent"
    ]


def standing(page: str) -> list[str]:
    return [each.text for each in Document(page).all("span", **{"class": "quiet"}) if each.text.startswith("mcp:")]

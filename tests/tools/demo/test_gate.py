"""What the demo server answers to callers with good tokens, with none, and with too little."""

from __future__ import annotations

import json
import logging

import pytest

from devidp.web.control.controller import Controller
from tests.tools.demo.caller import McpCaller, challenge_of, text_of
from tests.tools.demo.conftest import Serve


@pytest.fixture
def server(serve: Serve) -> McpCaller:
    return serve("jwt")


def token(
    idp: Controller, server: McpCaller, scope: str = "mcp:read", user: str = "alice", issuer: str = "default"
) -> str:
    return idp.mint(user=user, client="web", scope=scope, audience=server.url, issuer=issuer).token


def test_the_challenge_leads_to_the_metadata_and_names_a_scope_and_no_error(server: McpCaller) -> None:
    answer = server.ask("initialize", {})
    assert answer.status_code == 401
    challenge = challenge_of(answer)
    assert set(challenge) == {"scope", "resource_metadata"}
    assert challenge["scope"] == "mcp:read"
    assert server.get(challenge["resource_metadata"]).json()["resource"] == server.url


def test_the_metadata_stands_at_the_path_form_and_names_every_trusted_issuer(server: McpCaller) -> None:
    base = server.url.removesuffix("/mcp")
    metadata = server.get(f"{base}/.well-known/oauth-protected-resource/mcp").json()
    assert [issuer.rpartition("/")[2] for issuer in metadata["authorization_servers"]] == ["default", "enterprise"]
    assert metadata["scopes_supported"] == ["mcp:read", "mcp:write", "mcp:admin"]
    assert metadata["bearer_methods_supported"] == ["header"]


def test_the_refusal_of_a_bad_token_says_what_is_wrong_with_it(idp: Controller, server: McpCaller) -> None:
    expired = idp.mint(user="alice", audience=server.url, fault="expired").token
    challenge = challenge_of(server.call("status", expired))
    assert (challenge["error"], challenge["error_description"]) == ("invalid_token", "The token has expired")


def test_too_small_a_scope_is_answered_with_the_scope_that_would_do_and_those_of_the_token(
    idp: Controller, server: McpCaller
) -> None:
    answer = server.call("store", token(idp, server), key="a", text="b")
    assert answer.status_code == 403
    challenge = challenge_of(answer)
    assert (challenge["error"], challenge["scope"]) == ("insufficient_scope", "mcp:read mcp:write")


def test_a_public_tool_needs_no_token_and_still_refuses_a_bad_one(server: McpCaller) -> None:
    assert text_of(server.call("get_server_time")).endswith("+00:00")
    assert server.call("get_server_time", "garbage").status_code == 401


def test_an_unknown_tool_is_denied_to_everybody(idp: Controller, server: McpCaller) -> None:
    answer = server.call("configure", token(idp, server, "mcp:read mcp:write mcp:admin"))
    assert answer.status_code == 403
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize(
    ("scope", "more"),
    [
        ("openid", set()),
        ("mcp:read", {"read_user_data", "recall", "search", "status", "who_am_i"}),
        ("mcp:write", {"store", "update", "forget", "change_pin"}),
        ("mcp:admin", {"reflect", "admin_operation", "delete_customer"}),
    ],
)
def test_the_list_has_just_the_tools_that_the_token_may_call(
    idp: Controller, server: McpCaller, scope: str, more: set[str]
) -> None:
    assert set(server.tools(token(idp, server, scope))) == {"get_server_time"} | more


def test_data_of_others_is_for_administrators_of_the_same_tenant(idp: Controller, server: McpCaller) -> None:
    bob, alice = token(idp, server, user="bob"), token(idp, server, "mcp:read mcp:admin")
    assert server.call("read_user_data", bob, user_id="bob").status_code == 200
    assert server.call("read_user_data", bob, user_id="alice").status_code == 403
    assert server.call("read_user_data", alice, user_id="bob").status_code == 403


def test_what_one_tenant_stores_another_does_not_see(idp: Controller, server: McpCaller) -> None:
    writing = token(idp, server, "mcp:read mcp:write")
    server.call("store", writing, key="colour", text="blue")
    assert text_of(server.call("recall", writing, key="colour")) == "blue"
    assert text_of(server.call("recall", token(idp, server, user="bob"), key="colour")) == "nothing"
    assert text_of(server.call("forget", writing, key="colour")) == "forgotten"


def test_each_trusted_issuer_is_taken_with_its_own_keys(idp: Controller, server: McpCaller) -> None:
    assert server.call("status", token(idp, server, issuer="enterprise")).status_code == 200


def test_the_token_is_taken_from_the_header_alone(idp: Controller, server: McpCaller) -> None:
    with McpCaller(f"{server.url}?access_token={token(idp, server)}") as elsewhere:
        assert elsewhere.call("status").status_code == 401
    assert server.ask("tools/list", {}, Authorization=f"Basic {token(idp, server)}").status_code == 401


def test_a_rotated_key_is_found_at_once_and_unknown_kids_cannot_cause_fetch_after_fetch(
    idp: Controller, server: McpCaller
) -> None:
    idp.clock.advance(60)
    server.call("status", token(idp, server))
    idp.clock.advance(11)
    idp.keys.rotate()
    assert server.call("status", token(idp, server)).status_code == 200
    asked = len(idp.events.find("jwks"))
    for _ in range(3):
        unknown = idp.mint(user="alice", audience=server.url, fault="kid-unknown").token
        assert server.call("status", unknown).status_code == 401
    assert len(idp.events.find("jwks")) == asked


def test_an_issuer_that_does_not_answer_is_no_fault_of_the_token(idp: Controller, serve: Serve) -> None:
    server = serve("both")
    good = token(idp, server)
    idp.failures.fail("introspection", status=503)
    answer = server.call("status", good)
    assert (answer.status_code, "WWW-Authenticate" in answer.headers) == (503, False)


def test_every_call_has_a_line_in_the_audit_without_the_token(
    idp: Controller, server: McpCaller, caplog: pytest.LogCaptureFixture
) -> None:
    sent = token(idp, server)
    with caplog.at_level(logging.INFO, "devidp.tools.demo.audit"):
        server.call("status", sent)
        server.call("store", sent)
    lines = [json.loads(record.message) for record in caplog.records if record.name == "devidp.tools.demo.audit"]
    known = {"sub": "alice", "tenant": "acme", "client": "web"}
    assert [{name: line[name] for name in ("tool", "outcome", *known)} for line in lines] == [
        {"tool": "status", "outcome": "allowed", **known},
        {"tool": "store", "outcome": "denied", **known},
    ]
    assert sent not in caplog.text

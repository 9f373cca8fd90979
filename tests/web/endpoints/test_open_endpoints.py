"""Introspection and revocation without a client, where the seed opens them."""

from __future__ import annotations

import pytest

from tests.flow import Flow
from tests.refusal import description, refusal
from tests.shipped import Start

PATHS = ["introspect", "revoke"]
SIGNED = "application/token-introspection+jwt"


@pytest.mark.parametrize("path", PATHS)
def test_nobody_is_answered_without_a_client_by_default(flow: Flow, path: str) -> None:
    token = flow.tokens()["access_token"]
    assert refusal(flow.http.post(f"/default/{path}", data={"token": token})) == (401, "invalid_client")
    assert refusal(flow.http.post(f"/default/{path}", query_string={"token": token}))[1] == "invalid_request"
    assert flow.is_active(token)


def test_an_open_introspection_answers_whoever_asks(start: Start) -> None:
    flow = start({"introspection": {"open": True}})
    tokens = flow.tokens()
    for kind in ("access_token", "refresh_token"):
        found = flow.http.post("/default/introspect", data={"token": tokens[kind]}).get_json()
        assert (found["active"], found["username"]) == (True, "alice")
    assert flow.http.post("/default/introspect", data={"token": "x"}).get_json() == {"active": False}
    assert flow.is_active(tokens["access_token"]), "clients are answered as ever"
    assert "none" in flow.metadata()["introspection_endpoint_auth_methods_supported"]


def test_a_client_that_is_named_has_to_prove_it(start: Start) -> None:
    flow = start({"introspection": {"open": True}, "revocation": {"open": True}})
    token = flow.tokens()["access_token"]
    for path in PATHS:
        wrong = flow.http.post(f"/default/{path}", data={"token": token}, auth=("web", "wrong"))
        assert refusal(wrong) == (401, "invalid_client")
        unknown = flow.http.post(f"/default/{path}", data={"token": token, "client_id": "nobody"})
        assert refusal(unknown) == (401, "invalid_client")
    assert refusal(flow.revoke(token, "service")) == (400, "invalid_grant")
    assert flow.is_active(token)


def test_a_signed_answer_needs_a_client(start: Start) -> None:
    flow = start({"introspection": {"open": True}})
    answer = flow.http.post("/default/introspect", data={"token": "x"}, headers={"Accept": SIGNED})
    assert refusal(answer) == (401, "invalid_client")
    assert "RFC 9701 section 5" in description(answer)


def test_a_bearer_token_stands_in_place_of_a_client(start: Start) -> None:
    flow = start({"introspection": {"bearer_token": "let-me-in"}})
    token = flow.tokens()["access_token"]

    def ask(credentials: str) -> tuple[int, dict[str, object]]:
        answer = flow.http.post("/default/introspect", data={"token": token}, headers={"Authorization": credentials})
        return answer.status_code, answer.get_json()

    assert ask("Bearer let-me-in")[1]["active"] is True
    assert ask("Bearer another")[1]["error"] == "invalid_token"
    assert flow.http.post("/default/introspect", data={"token": token}).get_json()["error"] == "invalid_client"
    assert flow.is_active(token)
    methods = flow.metadata()["introspection_endpoint_auth_methods_supported"]
    assert ("Bearer" in methods, "none" in methods) == (True, False)


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
@pytest.mark.parametrize("place", ["data", "query_string"])
def test_an_open_revocation_takes_a_token_of_whoever_has_it(start: Start, kind: str, place: str) -> None:
    flow = start({"revocation": {"open": True}})
    tokens = flow.tokens()
    assert flow.http.post("/default/revoke", **{place: {"token": tokens[kind]}}).status_code == 200
    assert not flow.is_active(tokens[kind])
    assert flow.http.post("/default/revoke", **{place: {"token": "unknown"}}).status_code == 200

"""A refusal is recognised, however it looks: what a good token gets is known, and what no token gets."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator

import jwt
import pytest
from flask import Flask, Response, request

from devidp import DevIdP

Answer = Callable[[bool], Response]
"""For a caller who is known, or not."""


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def application(idp: DevIdP, answer: Answer) -> Flask:
    keys = jwt.PyJWKClient(idp.jwks_uri)
    app = Flask("target")

    @app.before_request
    def every() -> Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            jwt.decode(token, keys.get_signing_key_from_jwt(token), ["RS256"], audience="http://localhost:8000/mcp")
        except jwt.PyJWTError:
            return answer(False)
        return answer(True)

    return app


def as_json(members: object) -> Response:
    return Response(json.dumps(members), content_type="application/json")


def json_rpc(known: bool) -> Response:
    outcome = {"result": {"tools": []}} if known else {"error": {"code": -32001, "message": "who are you?"}}
    return as_json({"jsonrpc": "2.0", "id": 1, **outcome})


def tool_error(known: bool) -> Response:
    return as_json({"jsonrpc": "2.0", "id": 1, "result": {"content": [], **({} if known else {"isError": True})}})


def event_stream(known: bool) -> Response:
    message = json.loads(json_rpc(known).data)
    return Response(f"event: message\r\ndata: {json.dumps(message)}\r\n\r\n", content_type="text/event-stream")


def graphql(known: bool) -> Response:
    return as_json({"data": {"orders": [1]}} if known else {"data": {"orders": None}, "errors": [{"message": "no"}]})


def login_page_for_json(known: bool) -> Response:
    return as_json({"orders": [1]}) if known else Response("<h1>Log in</h1>", content_type="text/html")


def login_page_for_page(known: bool) -> Response:
    return Response("<h1>Your orders</h1><p>tea</p>" if known else "<h1>Log in</h1><form>password</form>")


def redirect(known: bool) -> Response:
    return as_json({"orders": [1]}) if known else Response(status=302, headers={"Location": "/login"})


def other_members(known: bool) -> Response:
    return as_json({"orders": [1]} if known else {"success": False, "message": "log in first"})


def login_page_with_nonces(known: bool) -> Response:
    nonce = secrets.token_hex(16)
    return Response(
        f"<h1>Your orders</h1><p>{nonce}</p>" if known else f"<h1>Log in</h1><input name=csrf value={nonce}>"
    )


DISGUISES = [
    login_page_with_nonces,
    json_rpc, tool_error, event_stream, graphql, login_page_for_json, login_page_for_page, redirect, other_members,
]  # fmt: skip


@pytest.mark.parametrize("answer", DISGUISES)
def test_a_refusal_that_looks_like_a_success_is_none(idp: DevIdP, answer: Answer) -> None:
    report = idp.probe(application(idp, answer), only=["ground"])
    assert report.cause == ""
    assert report.findings == []


@pytest.mark.parametrize("values", [({"at": 1}, {"at": 2}), ({"orders": [1]}, {"orders": []}), ([1], [2])])
def test_a_success_with_other_values_is_one(idp: DevIdP, values: tuple[object, object]) -> None:
    report = idp.probe(application(idp, lambda known: as_json(values[known])), only=["ground"])
    assert report.cause.startswith("it answers 200 to everything")


def test_a_map_has_other_members_each_time_and_stays_a_success(idp: DevIdP) -> None:
    def orders(known: bool) -> Response:
        return as_json({secrets.token_hex(4): 1, secrets.token_hex(4): 2}) if known else Response(status=401)

    report = idp.probe(application(idp, orders), only=["time", "expired"])
    assert "fell-over" not in {finding.kind.name for finding in report.findings}
    assert {check.outcome for check in report.checks if check.name in ("expired", "exp-zero")} == {"passed"}


def to(location: str) -> Response:
    return Response(status=303, headers={"Location": location})


def test_a_redirect_to_what_was_made_is_a_success_each_time(idp: DevIdP) -> None:
    def orders(known: bool) -> Response:
        return to(f"/orders/{secrets.token_hex(4)}") if known else Response(status=401)

    report = idp.probe(application(idp, orders), only=["expired", "audience-wrong"])
    assert {check.outcome for check in report.checks} == {"passed"}


def test_a_redirect_to_the_login_is_none(idp: DevIdP) -> None:
    def page(known: bool) -> Response:
        return to(f"/{secrets.token_hex(4)}" if known else f"/login?next={secrets.token_hex(4)}")

    report = idp.probe(application(idp, page), only=["expired"])
    assert report.cause == ""
    assert [check.outcome for check in report.checks if check.name == "expired"] == ["passed"]


def test_a_token_that_is_accepted_is_seen_in_a_map_too(idp: DevIdP) -> None:
    app = Flask("target")

    @app.before_request
    def every() -> Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return as_json({secrets.token_hex(4): 1}) if token.count(".") == 2 else Response(status=401)

    report = idp.probe(app, only=["expired"])
    assert [finding.id for finding in report.findings] == ["accepted-expired"]

"""An MCP server, by the SDK: it is greeted, asked for its tools or for one of them, and left without a session."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from devidp import DevIdP
from devidp.report import Report
from tests.real_clients.mcp_server import protected_server

BASE = "http://localhost:8000"


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


@dataclass
class Recorded:
    """The application, with the method of each request and that of its message."""

    application: ASGIApp
    methods: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        message = await receive()
        asked = json.loads(message["body"])["method"] if message["body"] else ""
        self.methods.append(f"{scope['method']} {asked}".strip())
        left = [message]

        async def replayed() -> object:
            return left.pop() if left else await receive()

        await self.application(scope, replayed, send)  # type: ignore[arg-type]


def probed(idp: DevIdP, **options: object) -> tuple[Report, list[str]]:
    server = Recorded(protected_server(idp.issuer, BASE))
    report = idp.probe(server, url=f"{BASE}/mcp", only=["ground"], **options)  # type: ignore[arg-type]
    return report, server.methods


def test_it_is_greeted_asked_for_its_tools_and_left_without_a_session(idp: DevIdP) -> None:
    report, methods = probed(idp)
    assert report.cause == ""
    assert f"aud {BASE}/mcp, scope mcp:read" in report.checks[-1].note
    greeting = ["POST initialize", "POST notifications/initialized"]
    assert [method for method in methods if method in greeting][-2:] == greeting
    assert methods[-3:] == ["POST tools/list", "DELETE", "DELETE"]


def test_no_tool_is_called_but_the_one_that_is_named(idp: DevIdP) -> None:
    assert "POST tools/call" not in probed(idp)[1]
    report, methods = probed(idp, tool="whoami")
    assert report.cause == ""
    assert "POST tools/call" in methods


def test_a_tool_that_is_not_there_is_named(idp: DevIdP) -> None:
    report, methods = probed(idp, tool="whomai")
    assert report.cause == "got the tool 'whomai', expected one that tools/list has for this token: whoami"
    assert report.remedy == "Did you mean --tool whoami?"
    assert "POST tools/call" not in methods


def test_what_is_no_mcp_server_has_no_tools(idp: DevIdP) -> None:
    async def plain(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})

    assert "tools are those of an MCP server" in idp.probe(plain, tool="whoami").cause


def test_a_stream_of_events_ends_as_for_a_client_that_has_gone(idp: DevIdP, caplog: pytest.LogCaptureFixture) -> None:
    """And not by an exception in the server, which would take its session with it."""
    report, _ = probed(idp)
    assert report.cause == ""
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []

"""Scope by scope: the call, the list of tools, and tools that change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue

from devidp import DevIdP
from devidp.report import Report
from devidp.web.control.errors import ControlError
from tests.probe import targets

URL = "http://localhost:8000/mcp"
READ = {"annotations": {"readOnlyHint": True}}
TOOLS: dict[str, dict[str, Any]] = {
    "look": READ,
    "gossip": READ,
    "find": READ | {"inputSchema": {"type": "object", "required": ["what"]}},
    "erase": {},
}
NEEDED = {"look": "mcp:read", "erase": "mcp:write"}


class Tools:
    """An MCP server with a scope for each tool but one, and a list that is filtered or not."""

    def __init__(self, idp: DevIdP, *, filtered: bool, named: str = "") -> None:
        self._idp, self._filtered, self._named = idp, filtered, named
        self._keys = jwt.PyJWKClient(idp.jwks_uri)
        self.called: list[str] = []
        self.app = Flask("tools")
        self.app.add_url_rule("/mcp", view_func=self.answer, methods=["POST"])

    def answer(self) -> ResponseReturnValue:
        try:
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            key = self._keys.get_signing_key_from_jwt(token)
            scopes = jwt.decode(token, key, ["RS256"], audience=URL, issuer=self._idp.issuer)["scope"].split()
        except jwt.PyJWTError:
            return "", 401, {"WWW-Authenticate": "Bearer"}
        message = request.get_json()
        if message["method"] == "tools/list":
            seen = [name for name in TOOLS if not self._filtered or NEEDED.get(name, "mcp:read") in scopes]
            return self.result(tools=[{"name": name, **TOOLS[name]} for name in seen])
        if message["method"] != "tools/call":
            return self.result(protocolVersion="2025-11-25", capabilities={}, serverInfo={})
        name = message["params"]["name"]
        self.called.append(name)
        if (needed := NEEDED.get(name)) and needed not in scopes:
            said = f'Bearer error="insufficient_scope", scope="{self._named or needed}"'
            return "", 403, {"WWW-Authenticate": said}
        return self.result(content=[])

    @staticmethod
    def result(**members: object) -> ResponseReturnValue:
        return {"jsonrpc": "2.0", "id": request.get_json().get("id"), "result": members}


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def probed(idp: DevIdP, tools: Tools, **options: Any) -> Report:
    wanted = {"audience": URL, "scope": "mcp:read mcp:write", "only": ["scopes"], **options}
    return idp.probe(tools.app, url=URL, **wanted)


def notes(report: Report) -> dict[str, str]:
    assert not report.cause
    return {check.name: check.note for check in report.checks if check.group == "scopes"}


def test_which_scopes_the_call_needs_is_found_out(idp: DevIdP) -> None:
    report = probed(idp, Tools(idp, filtered=True), tool="look")
    assert notes(report)["scopes-of-the-call"] == "needs mcp:read"
    assert report.findings == []


@pytest.mark.parametrize(
    ("filtered", "said"),
    [
        (True, "filtered: mcp:read sees 3, mcp:write sees 1, all together 4"),
        (False, "not filtered: each scope alone sees all 4 tools"),
    ],
)
def test_whether_the_list_is_filtered_is_said(idp: DevIdP, filtered: bool, said: str) -> None:
    tools = Tools(idp, filtered=filtered)
    report = probed(idp, tools)
    assert notes(report)["tools-list"] == said
    assert report.findings == []
    assert tools.called == []


def test_another_scope_in_the_challenge_leads_clients_astray(idp: DevIdP) -> None:
    report = probed(idp, Tools(idp, filtered=True, named="mcp:admin"), tool="look")
    (finding,) = report.findings
    assert (finding.id, finding.detail) == (
        "scope-misnamed:mcp:read",
        "answered 403, named mcp:admin, expected mcp:read among them",
    )


def test_tools_that_change_nothing_are_called_when_that_is_asked_for(idp: DevIdP) -> None:
    tools = Tools(idp, filtered=False)
    report = probed(idp, tools, read_only_tools=True)
    assert [finding.id for finding in report.findings] == ["tool-without-scope:gossip"]
    assert set(tools.called) == {"look", "gossip"}


def test_tools_of_what_is_no_mcp_server_are_refused_by_name(idp: DevIdP) -> None:
    report = idp.probe(targets.strict(idp), url="http://localhost:8000/orders", read_only_tools=True)
    assert report.cause.startswith("tools are those of an MCP server, and http://localhost:8000/orders answers")
    with pytest.raises(ControlError, match="another call is described"):
        idp.probe(targets.strict(idp), path="/orders", read_only_tools=True)

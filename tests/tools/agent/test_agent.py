"""A coding assistant controls a devidp over MCP: the official client SDK starts ``devidp mcp`` as assistants do."""

from __future__ import annotations

import json
import re
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from devidp import DevIdP
from devidp.tools.agent.operations import NAMES
from devidp.tools.agent.server import tools
from devidp.web.api.table import OPERATIONS

DOCUMENT = Path(__file__).parents[3] / "docs" / "assistant.md"
Work = Callable[[ClientSession], Coroutine[Any, Any, None]]


def assist(work: Work, *arguments: str) -> None:
    async def main() -> None:
        command = StdioServerParameters(command=sys.executable, args=["-m", "devidp", "mcp", *arguments])
        async with stdio_client(command) as (reading, writing), ClientSession(reading, writing) as session:
            await session.initialize()
            await work(session)

    anyio.run(main)


async def call(session: ClientSession, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await session.call_tool(tool, arguments)
    (content,) = result.content
    assert content.type == "text"
    assert not result.is_error, content.text
    assert json.loads(content.text) == result.structured_content
    found: dict[str, Any] = result.structured_content
    return found


async def refused(session: ClientSession, tool: str, **arguments: Any) -> str:
    result = await session.call_tool(tool, arguments)
    (content,) = result.content
    assert content.type == "text"
    assert result.is_error
    return content.text


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def test_every_operation_of_the_control_api_is_a_tool() -> None:
    assert set(NAMES) == {each.target for each in OPERATIONS}
    assert len(set(NAMES.values())) == len(NAMES)
    assert set(NAMES.values()) < set(tools())


def test_every_tool_says_what_it_does_and_takes() -> None:
    for tool in tools().values():
        assert tool.description.endswith("."), tool.name
        assert set(tool.schema["required"]) <= set(tool.schema["properties"])
        assert tool.schema["additionalProperties"] is False
        assert tool.changes or not tool.destroys


def test_every_tool_is_documented_and_no_other() -> None:
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(named) == sorted(tools())


@pytest.mark.slow
def test_an_assistant_tests_a_server(idp: DevIdP) -> None:
    async def work(session: ClientSession) -> None:
        listed = {each.name: each for each in (await session.list_tools()).tools}
        assert listed.keys() == tools().keys()
        reads = {name: each.annotations and each.annotations.read_only_hint for name, each in listed.items()}
        assert reads["find_events"]
        assert reads["probe_server"] is False, "the server may do what it is asked"
        faults = {each["name"] for each in (await call(session, "list_token_faults"))["faults"]}
        assert "expired" in faults
        minted = await call(session, "mint_token", user="alice", fault="expired")
        said = await call(session, "decode_token", token=minted["token"])
        assert (said["signature"], said["looks_like"]) == ("good", "expired")
        before = (await call(session, "get_clock"))["now"]
        assert (await call(session, "set_clock", advance="2h"))["now"] >= before + 7200
        await call(session, "set_clock", action="reset")
        await call(session, "add_user", username="carla / ü", claims={"name": "Carla"})
        assert (await call(session, "get_user", username="carla / ü"))["claims"]["name"] == "Carla"
        armed = await call(session, "arm_endpoint_failure", endpoint="token", failure="slow", seconds=1.0)
        await call(session, "disarm_endpoint_failure", id=armed["id"])
        event = await call(session, "wait_for_event", endpoint="control", seconds=5.0)
        assert event["event"]["status"] in (200, 201)
        assert (await call(session, "wait_for_event", endpoint="token", seconds=0.01)) == {"event": None}

    assist(work, "--url", idp.url)


@pytest.mark.slow
def test_what_is_wrong_is_said(idp: DevIdP) -> None:
    async def work(session: ClientSession) -> None:
        assert "nobody-here" in await refused(session, "get_user", username="nobody-here")
        assert await refused(session, "get_user") == "username: got nothing, expected one that is there."
        assert "surname" in await refused(session, "add_user", username="x", surname="y")
        assert "There is no member 'usr' here" in await refused(session, "mint_token", usr="alice")
        assert "seconds" in await refused(session, "wait_for_event", seconds=-1.0)
        assert "expected the URL of a server" in await refused(session, "probe_server", url="localhost:8000")
        assert "--allow-host" in await refused(session, "probe_server", url="https://mcp.example.com/mcp")
        assert "tools/list" in await refused(session, "nothing")

    assist(work, "--url", idp.url)


@pytest.mark.slow
def test_without_a_devidp_it_says_how_to_get_one() -> None:
    async def work(session: ClientSession) -> None:
        text = await refused(session, "get_clock")
        assert "no devidp answers" in text
        assert "devidp serve" in text

    assist(work, "--port", "1")


@pytest.mark.slow
def test_it_brings_a_devidp_of_its_own(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        free_port = held.getsockname()[1]
    seed = tmp_path / "seed.yaml"
    seed.write_text("users: {zoe: {}}\n")

    async def work(session: ClientSession) -> None:
        assert [each["username"] for each in (await call(session, "list_users"))["users"]] == ["zoe"]

    assist(work, "--seed", str(seed), "--port", str(free_port))

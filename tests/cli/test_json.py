"""What commands print: JSON for programs, and colours for people at a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from devidp import DevIdP
from devidp.cli.main import main
from devidp.cli.registry import COMMANDS
from devidp.seed import shipped_path

Typed = Callable[..., Any]
NO_FACTS = {"mcp", "serve", "demo", "connect", "init", "tokens", "schema", "probe"}
"""Servers, files, texts to paste; ``schema`` prints nothing but JSON, and reports have tests of their own."""
PRINTING: dict[str, list[tuple[str, ...]]] = {
    "health": [()],
    "check": [(str(shipped_path()),)],
    "profile": [("list",), ("diff", "okta", "okta")],
    "import": [("REALM",)],
    "decode": [("TOKEN",)],
    "doctor": [("ISSUER",)],
    "explain": [("followed-iss-wrong",), ("--list",)],
    "judge": [("--list",)],
    "token": [()],
    "faults": [("time",)],
    "arm": [("expired",), (), ("--clear",)],
    "fail": [("token", "--status", "503"), (), ("--list",), ("--clear",)],
    "clock": [(), ("advance", "1h")],
    "seed": [()],
    "public-url": [(), ("--reset",)],
    "keys": [(), ("rotate",)],
    "users": [
        (),
        ("show", "bob"),
        ("disable", "bob"),
        ("add", "carol"),
        ("revoke", "alice"),
        ("delete", "carol"),
        ("reset", "bob"),
        ("consents", "alice"),
        ("forget", "alice"),
    ],
    "clients": [
        (),
        ("show", "web"),
        ("disable", "web"),
        ("add", "x", "secret=y", 'grants=["client_credentials"]'),
        ("delete", "x"),
        ("reset", "web"),
        ("registered", "mine"),
    ],
    "sessions": [(), ("end", "--user", "alice")],
    "authorizations": [("--client", "web")],
    "flows": [(), ("--outcome", "succeeded")],
    "events": [("--endpoint", "token")],
    "reset": [()],
}
LOCAL = {"check", "decode", "doctor", "explain", "faults", "import", "judge", "profile"}


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def typed(idp: DevIdP, tmp_path: Path) -> Typed:
    (tmp_path / "realm.json").write_text('{"realm": "dev", "users": []}')
    idp.reset()
    idp.login()

    def run(command: str, *arguments: str, **environment: str) -> str:
        named = {"TOKEN": str(idp.token()), "ISSUER": idp.issuer, "REALM": str(tmp_path / "realm.json")}
        given = [named.get(each, each) for each in arguments]
        where = [] if command in LOCAL else ["--url", idp.url]
        done = CliRunner(env=environment).invoke(main, [command, *where, *given], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def test_every_command_that_prints_facts_is_here() -> None:
    assert set(PRINTING) == set(COMMANDS) - NO_FACTS


@pytest.mark.parametrize("command", PRINTING)
def test_every_command_that_prints_facts_prints_json(typed: Typed, command: str) -> None:
    for arguments in PRINTING[command]:
        printed = typed(command, *arguments, "--json")
        texts = printed.splitlines() if command == "events" else [printed]
        assert texts
        assert all(isinstance(json.loads(text), dict) for text in texts)


def test_it_is_what_the_control_api_answers(typed: Typed, idp: DevIdP) -> None:
    assert json.loads(typed("users", "disable", "bob", "--json"))["disabled"] is True
    assert {each["username"] for each in json.loads(typed("users", "--json"))["users"]} == set(idp.users)
    assert json.loads(typed("clock", "advance", "1h", "--json"))["offset"] == pytest.approx(3600)
    assert json.loads(typed("arm", "expired", "--times", "2", "--json"))["times"] == 2
    assert [each["name"] for each in json.loads(typed("arm", "--json"))["waiting"]] == ["expired"]


def test_events_are_chosen_by_any_field_and_by_what_was_asked(typed: Typed, idp: DevIdP) -> None:
    idp.login("bob")
    chosen = typed("events", "--endpoint", "token", "--where", "user=bob", "--where", "auth_method=client_secret_basic")
    assert [("alice" in line, "bob" in line) for line in chosen.splitlines()] == [(False, True)]
    assert typed("events", "--where", "code_challenge_method=plain") == ""
    assert len(typed("events", "--where", "code_challenge_method=S256", "--where", "outcome=issued").splitlines()) == 2


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("clinet=web", "did you mean 'client'"),
        ("web", "got 'web', expected NAME=VALUE"),
        ("user=bob --where=user=alice", "got 'user' twice"),
        ("client=web --client=spa", "got 'client', which --client names already"),
    ],
)
def test_a_field_that_events_do_not_have_is_named(idp: DevIdP, where: str, said: str) -> None:
    for follow in ((), ("--follow",)):
        done = CliRunner().invoke(main, ["events", "--url", idp.url, *f"--where={where}".split(), *follow])
        assert done.exit_code in (1, 2)
        assert said in done.stderr.replace("Did", "did")


def test_colours_are_for_terminals_unless_somebody_says_otherwise(typed: Typed, idp: DevIdP) -> None:
    idp.fail("token", error="invalid_grant")
    idp.events()
    CliRunner().invoke(main, ["users", "--url", idp.url, "show", "nobody"])
    assert "\x1b[" not in typed("events")
    refused = [line for line in typed("events", FORCE_COLOR="1").splitlines() if "REFUSED" in line]
    assert refused
    assert all(line.startswith("\x1b[31m") for line in refused)
    assert "\x1b[" not in typed("events", FORCE_COLOR="1", NO_COLOR="1")
    assert "\x1b[" not in typed("events", "--json", FORCE_COLOR="1")


@pytest.mark.parametrize(
    ("arguments", "color"),
    [
        (("health",), 32),
        (("decode", "TOKEN"), 32),
        (("decode", "x"), 31),
        (("check", "/nowhere"), 31),
        (("doctor", "ISSUER"), 32),
    ],
)
def test_what_is_good_is_green_and_what_is_not_is_red(idp: DevIdP, arguments: tuple[str, ...], color: int) -> None:
    named = {"TOKEN": str(idp.token()), "ISSUER": idp.issuer}
    where = ("--port", idp.url.rpartition(":")[2]) if arguments[0] in ("health", "decode") else ()
    line = [*(named.get(each, each) for each in arguments), *where]
    assert f"\x1b[{color}m" in CliRunner(env={"FORCE_COLOR": "1"}).invoke(main, line).output
    assert "\x1b[" not in CliRunner().invoke(main, line).output


def test_what_a_client_sent_cannot_write_on_the_terminal(typed: Typed, idp: DevIdP) -> None:
    sent = {"grant_type": "\x1b[2J", "resource": "\x1b[2J"}
    httpx.post(f"{idp.issuer}/token", data=sent, headers={"User-Agent": "\x1b[2J"})
    httpx.get(f"{idp.url}/%1B[2J")
    lines = typed("events", "--where", "reason=[2J").splitlines()
    assert len([line for line in lines if not line.startswith(" ")]) == 2, (
        "the others compare what came with what was expected"
    )
    assert "\x1b" not in typed("events")
    assert "\x1b" not in typed("events", "--json")

"""Sessions of MCP servers: no session is a login, and each belongs to a user."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devidp import DevIdP
from devidp.report import Report
from tests.probe.careless import RESOURCE, Careless


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def probed(idp: DevIdP, *mistakes: str, only: tuple[str, ...] = ("sessions",)) -> Report:
    report = idp.probe(Careless(idp, *mistakes).app, url=RESOURCE, only=only)
    assert not report.cause
    return report


@pytest.mark.parametrize(
    ("mistakes", "findings"),
    [
        ([], []),
        (["session"], []),
        (["session", "session-for-token"], ["session-for-token"]),
        (["session", "shared-session"], ["session-shared"]),
        (["open-stream"], ["session-stream-open"]),
        (["open-call"], ["tools-call-open"]),
        (["disguised"], []),
    ],
)
def test_a_session_is_no_login(idp: DevIdP, mistakes: list[str], findings: list[str]) -> None:
    assert [finding.id for finding in probed(idp, *mistakes).findings] == findings


def test_what_looks_at_the_token_in_the_greeting_alone_is_judged_by_that(idp: DevIdP) -> None:
    report = probed(idp, "session", "session-for-token", only=("signature", "places"))
    assert report.findings == []
    assert "POST http://localhost:8000/mcp answered 200" in report.checks[2].note
    assert {check.group for check in report.checks} == {"ground", "signature", "places"}
    assert report.outcomes.get("inconclusive", 0) == 0


def test_a_server_without_sessions_has_none_to_take(idp: DevIdP) -> None:
    outcomes = {check.name: check.outcome for check in probed(idp).checks if check.group == "sessions"}
    assert outcomes == {
        "session-without-token": "skipped",
        "session-stream": "passed",
        "session-tools-call": "passed",
        "session-of-another-user": "skipped",
    }

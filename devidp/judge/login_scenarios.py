"""A user who denies, and what can go wrong at a refresh.

The refresh is brought about: the first token ends at once, and the MCP server refuses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from devidp.faults.failures.expectation import Duty
from devidp.judge.scenarios import Scenario
from devidp.oauth import names
from devidp.report import Severity

GROUP = "refresh"
AT_ONCE: Mapping[str, Any] = {"endpoint": "token", "failure": "expires-in-zero"}
LOGIN = {"grant": names.AUTHORIZATION_CODE}
REFRESH = {"grant": names.REFRESH_TOKEN}


def _scenario(name: str, description: str, duty: Duty, section: str, why: str, *entries: Mapping[str, Any]) -> Scenario:
    failures = tuple(("failures", each) for each in entries)
    return Scenario(
        name, GROUP, description, section, "token", duty, Severity.LOW, why, "refresh", failures,
        manner="resource-refuses-once", needs=("token",), comes_with="a refresh",
        most_logins=1 if duty == "ignore" else 0,
    )  # fmt: skip


SCENARIOS = (
    Scenario(
        "user-denies", "authorization", "The user denies the access.", "RFC 6749 section 4.1.2.1", "authorize",
        "report", Severity.LOW, "Whoever uses it does not learn that there is no access", "errors",
        needs=("authorize",), denied=True,
    ),
    _scenario(
        "refresh-without-rotation", "The answer to a refresh has no refresh token: the client keeps the one it has.",
        "ignore", "RFC 6749 section 6",
        "The user has to log in again after each refresh",
        {**AT_ONCE, **LOGIN, "times": 1}, {"endpoint": "token", "failure": "no-refresh-token", **REFRESH},
    ),
    _scenario(
        "refresh-refused", "Each refresh is refused with `invalid_grant`: the client has to let the user log in again.",
        "retry", "RFC 6749 section 5.2",
        "After the end of a session the client is of no use until somebody deletes what it keeps",
        {**AT_ONCE, **LOGIN, "times": 1},
        {"endpoint": "token", "failure": "error", "error": "invalid_grant", **REFRESH},
    ),
    _scenario(
        "client-forgotten", "At a refresh the issuer does not know the client any more: it has to register again.",
        "retry", "RFC 6749 section 5.2",
        "After a reset of the issuer the client is of no use until somebody deletes what it keeps",
        {**AT_ONCE, **LOGIN, "times": 1},
        {"endpoint": "token", "failure": "error", "error": "invalid_client", **REFRESH},
    ),
    _scenario(
        "refresh-unavailable", "The first refresh is answered with 503: the client has to try again.",
        "retry", "RFC 9110 section 15.6.4",
        "An issuer that is restarted ends the work of the user",
        {**AT_ONCE, **LOGIN, "times": 1}, {"endpoint": "token", "failure": "unavailable", **REFRESH, "times": 1},
    ),
)  # fmt: skip

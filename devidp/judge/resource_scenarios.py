"""What can be wrong at the MCP server that the judge plays, and what a client has to do then."""

from __future__ import annotations

from typing import Any

from devidp.faults.failures.expectation import Duty
from devidp.judge.manners import MANNERS
from devidp.judge.scenarios import Scenario
from devidp.report import Severity

GROUP = "resource"


def _scenario(
    name: str, duty: Duty, severity: Severity, section: str, topic: str, why: str, *, only_secrets: bool = False
) -> Scenario:
    description = " ".join((MANNERS[name].__doc__ or "").split())
    more: dict[str, Any] = {"manner": name, "only_secrets": only_secrets, "mode": "mcp"}
    return Scenario(name, GROUP, description, section, "resource", duty, severity, why, topic, **more)


SCENARIOS = (
    _scenario(
        "resource-refuses-always", "report", Severity.MEDIUM, "RFC 6750 section 3.1", "retry",
        "Whoever uses it believes that the call was made",
    ),
    _scenario(
        "resource-refuses-once", "retry", Severity.LOW, "RFC 6750 section 3.1", "retry",
        "A token that ends early, as after a revocation, ends the work of the user with it",
    ),
    _scenario(
        "resource-wants-more-scope", "retry", Severity.LOW, "RFC 6750 section 3.1", "step-up",
        "A server that asks for the least at first, and for more where it is needed, cannot be used",
    ),
    _scenario(
        "resource-never-enough-scope", "report", Severity.MEDIUM, "RFC 6750 section 3.1", "step-up",
        "Whoever uses it believes that the call was made",
    ),
    _scenario(
        "resource-forbids", "report", Severity.MEDIUM, "RFC 9110 section 15.5.4", "errors",
        "Whoever uses it believes that the call was made",
    ),
    _scenario(
        "resource-metadata-of-another", "refuse", Severity.HIGH, "RFC 9728 section 3.3", "resource-metadata",
        "A server that is in between gets tokens that are good at the server that it names",
    ),
    _scenario(
        "resource-metadata-without-issuers", "report", Severity.LOW, "RFC 9728 section 2", "resource-metadata",
        "Whoever uses it does not learn that nobody can log in",
    ),
    _scenario(
        "resource-metadata-extra", "ignore", Severity.LOW, "RFC 9728 section 3.2", "resource-metadata",
        "Servers that are newer than the client, or that say more, cannot be used",
    ),
    _scenario(
        "resource-metadata-html", "report", Severity.LOW, "RFC 9728 section 3.2", "resource-metadata",
        "Whoever uses it does not learn that the server is set up wrongly",
    ),
    _scenario(
        "resource-metadata-unavailable", "report", Severity.LOW, "RFC 9110 section 15.6.4", "resource-metadata",
        "Whoever uses it does not learn that the server is down",
    ),
    _scenario(
        "resource-issuer-changes", "refuse", Severity.CRITICAL, "RFC 9700 section 4.4", "endpoint-origin",
        "A server that has been taken over sends the client to an issuer that collects what belongs to the other",
        only_secrets=True,
    ),
    _scenario(
        "resource-challenge-missing", "ignore", Severity.LOW, "RFC 9728 section 3.1", "challenge",
        "Servers behind a proxy that drops the header cannot be used",
    ),
    _scenario(
        "resource-challenges-several", "ignore", Severity.LOW, "RFC 9110 section 11.6.1", "challenge",
        "Servers that take more than one way to log in cannot be used",
    ),
    _scenario(
        "resource-challenge-lower-case", "ignore", Severity.LOW, "RFC 9110 section 11.1", "challenge",
        "Servers whose framework writes the scheme otherwise cannot be used",
    ),
    _scenario(
        "resource-slow", "ignore", Severity.LOW, "RFC 9110 section 9.2.2", "retry",
        "A server that has much to do cannot be used",
    ),
    _scenario(
        "resource-unavailable", "retry", Severity.ADVICE, "RFC 9110 section 10.2.3", "retry",
        "A server that is restarted ends the work of the user",
    ),
    _scenario(
        "resource-html", "report", Severity.LOW, "RFC 9110 section 8.3", "errors",
        "Whoever uses it believes that the call was made",
    ),
    _scenario(
        "resource-drops", "retry", Severity.ADVICE, "RFC 9110 section 9.2.2", "retry",
        "A server that is restarted ends the work of the user",
    ),
)  # fmt: skip

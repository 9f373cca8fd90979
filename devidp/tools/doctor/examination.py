"""A whole examination: the server, and each issuer that it names; or an issuer alone."""

from __future__ import annotations

from devidp.tools.doctor import flow_checks, issuer_checks, server_checks
from devidp.tools.doctor.facts import issuer_documents, issuer_facts, server_facts
from devidp.tools.doctor.finding import Finding, Report

NAMES = [*server_checks.CHECKS.names, *issuer_checks.CHECKS.names, *flow_checks.CHECKS.names]


def examine(url: str) -> Report:
    """Ask whatever is at ``url``; what cannot be reached is a finding too."""
    if any("issuer" in answer.members for answer in issuer_documents(url).values()):
        return Report(url, "issuer", tuple(_issuer(url)))
    server = server_facts(url)
    findings = list(server_checks.CHECKS.run(server))
    # clients go to the first one
    for issuer in server.issuers[:1]:
        findings += _issuer(issuer)
    return Report(url, "MCP server", tuple(findings))


def _issuer(url: str) -> list[Finding]:
    facts = issuer_facts(url)
    return [*issuer_checks.CHECKS.run(facts), *flow_checks.CHECKS.run(facts)]

"""A verdict as a table: a scenario a line, with what was found."""

from __future__ import annotations

from devidp.report import Report


def table(report: Report) -> dict[str, str]:
    """By the name of the scenario: ``passed``, the ids of its findings, or why there is nothing to say."""
    assert not report.cause, f"{report.cause}. {report.remedy}"
    return {each.name: " ".join(found.id for found in each.findings) or each.outcome for each in report.checks}


def wrong(report: Report) -> list[str]:
    """The ids of what is wrong, the worst first."""
    assert not report.cause, f"{report.cause}. {report.remedy}"
    return [each.id for each in report.findings]

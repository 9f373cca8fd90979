"""The forms in which a report is written for others, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from devidp.report import junit, markdown, page, sarif
from devidp.report.finding import Severity
from devidp.report.report import Report

WRITERS: Final[dict[str, Callable[[Report, Severity | None], str]]] = {
    "junit": junit.text,
    "sarif": lambda report, fail_on: sarif.text(report),
    "html": lambda report, fail_on: page.text(report),
    "markdown": lambda report, fail_on: markdown.text(report),
}
"""What each makes of a report, where findings of a severity and above fail; ``None``: none of them does."""

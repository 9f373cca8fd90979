"""A verdict on a server or a client: what was tried, what is wrong, why it matters, and what to change."""

from __future__ import annotations

from devidp.report.finding import Exchange, Finding, Kind, Severity
from devidp.report.report import Check, Report

__all__ = ["Check", "Exchange", "Finding", "Kind", "Report", "Severity"]

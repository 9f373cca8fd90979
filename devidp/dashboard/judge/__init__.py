"""Probes of servers and judgements of clients that are started, watched, stopped and read on the dashboard.

Owns the runs, one at a time, in a thread of devidp. Does not own what is tried: see ``devidp.probe`` and
``devidp.judge``.
"""

from devidp.dashboard.judge import report_pages
from devidp.dashboard.judge.views import blueprint

__all__ = ["blueprint", "report_pages"]

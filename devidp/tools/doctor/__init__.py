"""What an MCP client would run into at a server or an issuer, whoever made it: one function a check.

Owns what is asked, the verdicts and the remedies. Does not own what devidp itself answers. It registers a client where
it can, and removes it where it is told how; it logs nobody in.
"""

from devidp.tools.doctor.examination import examine
from devidp.tools.doctor.finding import Finding, Report

__all__ = ["Finding", "Report", "examine"]

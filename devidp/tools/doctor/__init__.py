"""What an MCP client would run into at a server or an issuer, of any vendor: one function per check.

Owns the requests, the verdicts and the remedies. Does not own what devidp itself answers. It registers a client where
it can, and removes it where the server supports that; it logs nobody in.
"""

from devidp.tools.doctor.examination import examine
from devidp.tools.doctor.finding import Finding, Report

__all__ = ["Finding", "Report", "examine"]

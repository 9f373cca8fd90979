"""A devidp inside a Python program: for tests, on a free port, in memory.

Owns the server of this process and the walk through a login. What it can be told is ``devidp.web.control``.
"""

from devidp.server.local.idp import DevIdP
from devidp.web.browser import LoginFailed

__all__ = ["DevIdP", "LoginFailed"]

"""A devidp inside a Python program: for tests, on a free port, in memory.

Owns the server of this process and the walk through a login. What it can be told is ``devidp.web.control``.
"""

import devidp.app  # noqa: F401 - first, as its own imports begin with what everything needs
from devidp.server.local.idp import DevIdP
from devidp.web.person import LoginFailed

__all__ = ["DevIdP", "LoginFailed"]

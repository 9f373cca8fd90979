"""What a test can make a running devidp do: clock, keys, users, clients, scripted answers, events, reset.

One controller behind three doors: Python (``devidp.DevIdP``), HTTP (``/_devidp/api``) and the command line.
Owns what can be asked for and how refusals read. Does not own the state: that is ``devidp.store.overrides``.
"""

from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError, UnknownName

__all__ = ["ControlError", "Controller", "UnknownName"]

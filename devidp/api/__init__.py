"""The control API under ``/_devidp/api``: the controller over HTTP, described by OpenAPI 3.1.

Owns addresses, JSON shapes, and who may call. Does not own what is done: that is ``devidp.control``. An operation is a
function with a decorator; its address, its check and its description come from there.
"""

from devidp.api import accounts, catalogue, clock, events, keys, reset, scripted, tokens
from devidp.api.mount import PREFIX, mount
from devidp.api.operation import OPERATIONS

__all__ = [
    "OPERATIONS",
    "PREFIX",
    "accounts",
    "catalogue",
    "clock",
    "events",
    "keys",
    "mount",
    "reset",
    "scripted",
    "tokens",
]

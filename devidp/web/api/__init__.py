"""The control API under ``/_devidp/api``: the controller over HTTP, described by OpenAPI 3.1.

Owns addresses, JSON shapes, and who may call. Does not own what is done: that is ``devidp.web.control``. An operation
is a function with a decorator; its address, its check and its description come from there.
"""

from devidp.web.api.blueprint import PREFIX, blueprint

__all__ = ["PREFIX", "blueprint"]

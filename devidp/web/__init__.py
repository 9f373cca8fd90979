"""The Flask application: endpoints, pages, the control API, and what a test can make devidp do.

Owns HTTP in and HTTP out. Does not own processes, sockets, nor commands.
"""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from devidp.web.app import create_app as create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """For ``flask --app devidp.web`` and WSGI servers: the factory, imported when it is asked for (PEP 562)."""
    if name == "create_app":
        return resolve_name("devidp.web.app:create_app")
    raise AttributeError(f"module 'devidp.web' has no attribute {name!r}; it has: create_app")

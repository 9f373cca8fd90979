"""devidp: an OAuth 2.1 and OpenID provider for development and tests.

``from devidp import DevIdP`` starts one inside a program.
"""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from devidp.system.collector import paused

if TYPE_CHECKING:
    from devidp.server.local import DevIdP as DevIdP
    from devidp.server.local import LoginFailed as LoginFailed

__version__ = "0.1.0"
__all__ = ["DevIdP", "LoginFailed", "__version__"]


def __getattr__(name: str) -> Any:
    """What needs the whole server is imported at its first use (PEP 562): ``import devidp`` alone stays quick."""
    if name in ("DevIdP", "LoginFailed"):
        with paused():
            return resolve_name(f"devidp.server.local:{name}")
    raise AttributeError(f"module 'devidp' has no attribute {name!r}; it has: {', '.join(__all__)}")

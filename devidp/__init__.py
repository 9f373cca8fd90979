"""devidp: an OAuth 2.1 and OpenID provider for development and tests."""

from __future__ import annotations

__version__ = "0.1.0"

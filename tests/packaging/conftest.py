"""The fixtures of ``tests/cli`` serve here too."""

from __future__ import annotations

from tests.cli.conftest import start

__all__ = ["start"]

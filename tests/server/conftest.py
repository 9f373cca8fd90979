"""The devidp of the tests of safety: a program of its own, asked byte by byte."""

from tests.safety.conftest import wire

__all__ = ["wire"]

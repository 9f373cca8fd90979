"""Faults: every way in which a token can be wrong, one function each.

Owns the names, sentences and effects of faults, and keys that no issuer has. Does not own what a valid token looks
like, when a fault is armed, or HTTP. ``spoil_and_sign(case, fault)`` is the last step of every token.
"""

from __future__ import annotations

from devidp.faults.case import Case
from devidp.faults.catalogue import FAULTS, GROUPS, find
from devidp.faults.refusal import MintRefused, unknown
from devidp.faults.registry import Fault, Group, TokenType, spoil_and_sign

__all__ = [
    "FAULTS",
    "GROUPS",
    "Case",
    "Fault",
    "Group",
    "MintRefused",
    "TokenType",
    "find",
    "spoil_and_sign",
    "unknown",
]

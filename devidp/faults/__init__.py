"""Faults: every way in which a token can be wrong, one function each.

Owns the names, descriptions and effects of faults, and keys that no issuer has. Does not own what a valid token looks
like, when a fault is armed, or HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from devidp.faults import (
    algorithm,
    audience,
    authentication,
    confusion,
    id_jag,
    id_token,
    issuer,
    key,
    scope,
    shape,
    signature,
    state,
    tenant,
    time,
)
from devidp.faults.case import Case
from devidp.faults.refusal import MintRefused, NotApplicable, unknown
from devidp.faults.registry import Fault, Group, TokenType

__all__ = ["FAULTS", "GROUPS", "Case", "Fault", "Group", "MintRefused", "NotApplicable", "TokenType", "find", "unknown"]

GROUPS: tuple[Group, ...] = tuple(
    module.group
    for module in (
        time, issuer, audience, signature, key, algorithm, shape, confusion, scope, authentication, tenant, state,
        id_token, id_jag,
    )
)  # fmt: skip

FAULTS: Mapping[str, Fault] = MappingProxyType({fault.name: fault for group in GROUPS for fault in group.faults})


def find(name: str) -> Fault:
    """The fault of this name; raises MintRefused with the nearest one."""
    if name not in FAULTS:
        raise unknown("fault", name, FAULTS, "`devidp faults` lists all of them")
    return FAULTS[name]

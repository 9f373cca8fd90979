"""The catalogue: every group and every fault in the order in which people read them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from devidp.faults import (
    algorithm,
    audience,
    confusion,
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
from devidp.faults.refusal import unknown
from devidp.faults.registry import Fault, Group

GROUPS: tuple[Group, ...] = tuple(
    module.group
    for module in (
        time, issuer, audience, signature, key, algorithm, shape, confusion, scope, tenant, state, id_token,
    )
)  # fmt: skip

FAULTS: Mapping[str, Fault] = MappingProxyType({fault.name: fault for group in GROUPS for fault in group.faults})


def find(name: str) -> Fault:
    """The fault of this name; raises MintRefused with the nearest one."""
    if name not in FAULTS:
        raise unknown("fault", name, FAULTS, "`devidp faults` lists all of them")
    return FAULTS[name]

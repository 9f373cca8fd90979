"""Every kind of finding of the probe."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from devidp.probe import (
    access_kinds,
    assertion_kinds,
    challenge_kinds,
    credential_kinds,
    fault_kinds,
    ground_kinds,
    leak_kinds,
    metadata_kinds,
    session_kinds,
    state_kinds,
    trial_kinds,
)
from devidp.report import Kind


def every() -> Iterator[Kind]:
    return chain(
        ground_kinds.KINDS,
        trial_kinds.KINDS,
        fault_kinds.every(),
        credential_kinds.KINDS,
        challenge_kinds.KINDS,
        metadata_kinds.KINDS,
        leak_kinds.KINDS,
        access_kinds.KINDS,
        session_kinds.KINDS,
        assertion_kinds.KINDS,
        state_kinds.KINDS,
    )


def find(name: str) -> Kind | None:
    return next((kind for kind in every() if kind.name == name), None)

"""What is in force at a running devidp, and what of it is otherwise than after the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from devidp.dashboard.controls import instants
from devidp.dashboard.controls.instants import ClockFace
from devidp.store.overrides import Scripted
from devidp.web.control.controller import Controller

RINGS = 5
"""Of how many issuers the keys are looked at: a first look makes one."""
Kind = Literal["users", "clients"]


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of what was added, changed and deleted since the start."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.deleted)


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of one issuer: how many there are, and how many of them verifiers see."""

    issuer: str
    algorithm: str
    total: int
    published: int
    signs_published: bool
    """Whether verifiers see the one that signs."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the control API can change."""

    clock: ClockFace
    rings: tuple[Ring, ...]
    armed: tuple[Scripted, ...]
    failures: tuple[Scripted, ...]
    users: Changes
    clients: Changes
    public_url: str
    started_at: str
    """The public URL of the start."""
    sessions: int
    authorizations: int
    events: int
    issuers: tuple[str, ...]
    warnings: tuple[str, ...]
    """Of the seed in force."""
    edit_refused: bool
    """Whether the seed was edited, and cannot be served as it is now."""


def of(control: Controller) -> State:
    """The state of the devidp that ``control`` controls."""
    runtime = control.runtime
    return State(
        instants.face(control.clock),
        tuple(_ring(control, issuer.name) for issuer in runtime.issuers[:RINGS]),
        control.armed.waiting(),
        control.failures.waiting(),
        changes(control, "users"),
        changes(control, "clients"),
        control.public_url,
        runtime.started_at,
        control.sessions.count(),
        control.authorizations.count(),
        len(control.events.since()[0]),
        tuple(issuer.name for issuer in runtime.issuers),
        runtime.seed.warnings,
        runtime.edit_refused,
    )


def changes(control: Controller, kind: Kind) -> Changes:
    """What is otherwise than in the seed, at any issuer."""
    seeded = {name for issuer in control.runtime.seed.issuers for name in getattr(issuer, kind)}
    in_force: dict[str, Any] = {}
    overridden: Mapping[str, Mapping[str, Any]] = getattr(control.runtime.overrides.current, kind)
    for records in overridden.values():
        for name, record in records.items():
            in_force[name] = in_force.get(name) or record
    there = [name for name, record in in_force.items() if record is not None]
    return Changes(
        tuple(sorted(name for name in there if name not in seeded)),
        tuple(sorted(name for name in there if name in seeded)),
        tuple(sorted(in_force.keys() & seeded - set(there))),
    )


def _ring(control: Controller, issuer: str) -> Ring:
    keys, active = control.keys.list(issuer), control.keys.active(issuer)
    return Ring(issuer, active.algorithm, len(keys), sum(key.published for key in keys), active.published)

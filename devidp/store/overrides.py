"""Overrides of the seed at run time: the clock, the public URL, changed users and clients, armed faults and failures.

Owns their shape and their sharing: one frozen value, replaced as a whole, the same in every worker of a run; the
next run begins without it. Does not own what they mean to the runtime, the issuer and the application.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Literal

from devidp.models import Client, User
from devidp.store.database import Database
from devidp.store.generation import Generation
from devidp.store.sealed import Sealed
from devidp.system.event_log import Facts

if TYPE_CHECKING:
    import pydantic

Kind = Literal["faults", "failures"]
KEPT_SPENT = 50


@dataclass(frozen=True, slots=True)
class ClockState:
    """How the clock differs from the machine's, in seconds; ``frozen_at`` is the instant at which it stands."""

    offset: float = 0.0
    frozen_at: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Which requests match; ``None`` means any. ``grant`` is a grant type, ``state`` that of the authorization."""

    client: str | None = None
    user: str | None = None
    issuer: str | None = None
    grant: str | None = None
    state: str | None = None

    def fits(self, facts: Facts, issuer: str) -> bool:
        return (
            self.client in (None, facts.client)
            and self.user in (None, facts.user)
            and self.issuer in (None, issuer)
            and self.grant in (None, facts.grant)
            and self.state in (None, facts.state)
        )


@dataclass(frozen=True, slots=True)
class Scripted:
    """A fault or a failure that waits for a matching request."""

    id: int
    name: str
    times: int | None = 1
    """How often it happens; ``None``: until it is cleared."""
    match: Match = Match()
    endpoint: str = ""
    """Of a failure."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of a failure."""
    token_type: str = ""
    """Of a fault, where it is not its default."""
    probability: float = 1.0
    """How likely it happens to a request that matches; one that it spares uses up none of its times."""
    fired: int = 0
    """How often it has happened."""

    def happens(self) -> bool:
        """Whether it happens this time."""
        return self.probability >= 1 or random.random() < self.probability  # noqa: S311 - nobody has to be kept out


@dataclass(frozen=True, slots=True)
class OverrideSet:
    """Users and clients are by issuer and name; ``None``: deleted."""

    clock: ClockState = ClockState()
    public_url: str | None = None
    """In place of that of the start."""
    users: Mapping[str, Mapping[str, User | None]] = field(default_factory=dict)
    clients: Mapping[str, Mapping[str, Client | None]] = field(default_factory=dict)
    faults: tuple[Scripted, ...] = ()
    failures: tuple[Scripted, ...] = ()
    spent: tuple[Scripted, ...] = ()
    """Faults and failures that have happened as often as they were to, the newest first."""
    last_id: int = 0
    served: Mapping[str, str] = field(default_factory=dict)
    """What the replica serves that was the last to start or to read its seed, by setting; no reset forgets it."""


Change = Callable[[OverrideSet], OverrideSet]
NOTHING = OverrideSet()


@cache
def _adapter() -> pydantic.TypeAdapter[OverrideSet]:
    adapter: pydantic.TypeAdapter[OverrideSet] = resolve_name("pydantic:TypeAdapter")(OverrideSet)
    return adapter


class Overrides:
    """The value in force in ``run``. It is sealed, because it holds secrets of clients."""

    def __init__(self, database: Database, generation: Generation, run: str, sealed: Sealed) -> None:
        self._database = database
        self._generation = generation
        self._run = run
        self._sealed = sealed
        self._lock = threading.Lock()
        self._newest = -1
        self._read: tuple[str | None, OverrideSet] = None, NOTHING
        """The last value that was read, sealed and open: a change of keys leaves it as it is."""
        self.current = NOTHING

    def load(self) -> tuple[int, OverrideSet]:
        """The generation and value in force, whichever worker set them."""
        row = self._database.row(
            "SELECT number, sealed FROM generation LEFT JOIN overrides ON overrides.run = ?", (self._run,)
        )
        assert row is not None
        return self._adopt(int(row[0]), self._unseal(row[1]))

    def change(self, function: Change) -> None:
        """Replace the value by the result of ``function``, atomically."""
        with self._generation.change() as transaction:
            row = transaction.row("SELECT sealed FROM overrides WHERE run = ?", (self._run,))
            changed = function(self._unseal(row[0] if row else None))
            sealed = self._sealed.seal(_adapter().dump_json(changed).decode())
            transaction.execute("DELETE FROM overrides")  # those of another run are over
            transaction.execute("INSERT INTO overrides (run, sealed) VALUES (?, ?)", (self._run, sealed))
            self._read = sealed, changed
        self.load()

    def _unseal(self, sealed: str | None) -> OverrideSet:
        known, overrides = self._read
        if sealed != known:
            overrides = NOTHING if sealed is None else _adapter().validate_json(self._sealed.open(sealed))
            self._read = sealed, overrides
        return overrides

    def _adopt(self, generation: int, overrides: OverrideSet) -> tuple[int, OverrideSet]:
        with self._lock:
            if generation > self._newest:  # another thread may have read a later one meanwhile
                self._newest, self.current = generation, overrides
            return self._newest, self.current

    def take(self, kind: Kind, fits: Callable[[Scripted], bool]) -> Scripted | None:
        """The first that fits, with one of its times used up; ``None`` where there is none."""
        waiting = scripted(self.current, kind)
        return next((each for each in waiting if fits(each) and each.happens() and self.use(kind, each)), None)

    def use(self, kind: Kind, wanted: Scripted) -> bool:
        """Use up one of its times; ``False`` where other requests have had all of them."""
        used = False

        def use_up(overrides: OverrideSet) -> OverrideSet:
            nonlocal used
            waiting = scripted(overrides, kind)
            place, left = next(((at, each) for at, each in enumerate(waiting) if each.id == wanted.id), (0, None))
            used = left is not None
            if left is None:
                return overrides
            left = replace(left, fired=left.fired + 1, times=None if left.times is None else left.times - 1)
            if left.times == 0:
                overrides = replace(overrides, spent=(left, *overrides.spent)[:KEPT_SPENT])
            rest = () if left.times == 0 else (left,)
            return with_scripted(overrides, kind, (*waiting[:place], *rest, *waiting[place + 1 :]))

        self.change(use_up)
        return used


def spent(overrides: OverrideSet, kind: Kind) -> tuple[Scripted, ...]:
    """Only a failure has an endpoint."""
    return tuple(each for each in overrides.spent if bool(each.endpoint) == (kind == "failures"))


def scripted(overrides: OverrideSet, kind: Kind) -> tuple[Scripted, ...]:
    return overrides.faults if kind == "faults" else overrides.failures


def with_scripted(overrides: OverrideSet, kind: Kind, waiting: tuple[Scripted, ...]) -> OverrideSet:
    return replace(overrides, faults=waiting) if kind == "faults" else replace(overrides, failures=waiting)

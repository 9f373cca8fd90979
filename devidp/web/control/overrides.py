"""Users and clients, changed while devidp runs: what both have, at every issuer that has the name or at one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Generic, Self, TypeVar

from devidp.issuer.issuer import Issuer
from devidp.models import Client, IssuerSettings, Seed, User
from devidp.seed import SeedError
from devidp.seed.problems import Refused
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.control.record_overrides import RecordKind, override, take_back
from devidp.web.runtime import Runtime

Entry = Mapping[str, Any]
Record = TypeVar("Record", User, Client)


class UnknownRecord(UnknownName, KeyError):
    """A ``KeyError`` too, because users and clients are mappings."""

    __str__ = Exception.__str__


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except SeedError as error:
        raise ControlError("; ".join(f"{each.path}: {each.message}" for each in error.problems)) from None
    except Refused as refusal:
        raise ControlError(f"disabled: {refusal}") from None


class RecordControl(ABC, Generic[Record]):
    """One user or client; ``issuer`` is a name or URL, without it every issuer that has the record is meant."""

    kind: ClassVar[RecordKind]
    _new: Callable[[str, Entry, Seed, IssuerSettings], Record]
    _changed: Callable[[Record, Entry, Seed, IssuerSettings], Record]

    def __init__(self, runtime: Runtime, name: str) -> None:
        self._runtime = runtime
        self._name = name

    @abstractmethod
    def _find(self, issuer: Issuer) -> Record | None: ...

    @property
    def record(self) -> Record:
        """The record as the first issuer that has one of this name sees it at this moment."""
        return next(iter(self.find().values()))

    def find(self, issuer: str | None = None) -> dict[Issuer, Record]:
        """The record at each issuer that has it; raises UnknownRecord."""
        found = {each: record for each in issuers.matching(self._runtime, issuer) if (record := self._find(each))}
        if not found:
            raise UnknownRecord(self.kind[:-1], self._name, names(self._runtime, self.kind))
        return found

    def add(self, issuer: str | None, entry: Entry) -> Self:
        def new(at: Issuer, record: Record | None) -> Record:
            if record is not None and not record.unlisted:
                taken = f"there is a {self.kind[:-1]} {self._name!r} already"
                raise ControlError(f"{taken}; change it, or choose another name")
            return self._new(self._name, entry, at.seed, at.settings)

        self._override({each: self._find(each) for each in issuers.matching(self._runtime, issuer)}, new)
        return self

    def change(self, /, *, issuer: str | None = None, **changes: Any) -> None:
        """Change some keys, named as in the seed; ``None`` takes one away, the others stay."""

        def changed(at: Issuer, record: Record | None) -> Record:
            if record is None:
                raise UnknownRecord(self.kind[:-1], self._name, names(self._runtime, self.kind))
            return self._changed(record, changes, at.seed, at.settings)

        self._override(self.find(issuer), changed)

    def disable(self, *, issuer: str | None = None) -> None:
        """Refused everywhere, and the tokens are inactive."""
        self.change(issuer=issuer, disabled=True)

    def enable(self, *, issuer: str | None = None) -> None:
        self.change(issuer=issuer, disabled=False)

    def delete(self, *, issuer: str | None = None) -> None:
        self._override(self.find(issuer), lambda _at, _record: None)

    def reset(self, *, issuer: str | None = None) -> None:
        """As the seed or its registration has it, also where it was deleted; raises ControlError where neither does."""
        at = [each for each in issuers.matching(self._runtime, issuer) if self._is_original(each)]
        if not at:
            self.find(issuer)
            raise ControlError(f"the seed has no {self.kind[:-1]} {self._name!r} to go back to; delete it instead")
        with _refusals():
            take_back(self._runtime, self.kind, self._name, [each.name for each in at])

    def _is_original(self, issuer: Issuer) -> bool:
        """Whether there was one before anything was changed."""
        return any(
            self._name in getattr(each, self.kind) for each in self._runtime.seed.issuers if each.name == issuer.name
        )

    def _override(
        self, records: Mapping[Issuer, Record | None], edit: Callable[[Issuer, Record | None], Record | None]
    ) -> None:
        """Replace what the issuers have under the name by what ``edit`` makes of it; ``None`` deletes."""
        by_name = {issuer.name: issuer for issuer in records}
        found = {issuer.name: record for issuer, record in records.items()}
        with _refusals():
            override(self._runtime, self.kind, self._name, found, lambda issuer, record: edit(by_name[issuer], record))


Control = TypeVar("Control", bound="RecordControl[Any]")


class Records(Mapping[str, Control]):
    """The controls by name."""

    _control: type[Control]

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def __getitem__(self, name: str) -> Control:
        control = self._control(self._runtime, name)
        control.find()
        return control

    def reset(self, name: str, *, issuer: str | None = None) -> None:
        """As the seed has it, also one that was deleted; raises ControlError where the seed has none."""
        self._control(self._runtime, name).reset(issuer=issuer)

    def __iter__(self) -> Iterator[str]:
        return iter(names(self._runtime, self._control.kind))

    def __len__(self) -> int:
        return len(names(self._runtime, self._control.kind))


def names(runtime: Runtime, kind: RecordKind) -> list[str]:
    return list(dict.fromkeys(name for each in runtime.issuers for name in getattr(each.settings, kind)))

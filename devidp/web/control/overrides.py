"""Users and clients, changed while devidp runs: at every issuer that has the name, or at the one that is named."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Self, TypeVar

from devidp.issuer import logout, totp
from devidp.issuer import overrides as entries
from devidp.issuer.issuer import Issuer
from devidp.models import Client, IssuerSettings, Seed, User
from devidp.oauth.identifiers import composed
from devidp.seed import SeedError
from devidp.seed.problems import Refused
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.runtime import RecordKind, Runtime

Entry = Mapping[str, Any]
Record = TypeVar("Record", User, Client)


class UnknownRecord(UnknownName, KeyError):
    """A ``KeyError`` too, because users and clients are mappings."""

    __str__ = Exception.__str__


@dataclass(frozen=True, slots=True)
class Authenticator:
    """The authenticator of a user: ``secret`` is in Base32, ``uri`` is for a QR code."""

    code: str
    secret: str
    uri: str


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
            if record is not None:
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

    def _override(
        self, records: Mapping[Issuer, Record | None], edit: Callable[[Issuer, Record | None], Record | None]
    ) -> None:
        """Replace what the issuers have under the name by what ``edit`` makes of it; ``None`` deletes."""
        by_name = {issuer.name: issuer for issuer in records}
        found = {issuer.name: record for issuer, record in records.items()}
        try:
            self._runtime.override(self.kind, self._name, found, lambda issuer, record: edit(by_name[issuer], record))
        except SeedError as error:
            raise ControlError("; ".join(f"{each.path}: {each.message}" for each in error.problems)) from None
        except Refused as refusal:
            raise ControlError(f"disabled: {refusal}") from None


class UserControl(RecordControl[User]):
    """One user."""

    kind = "users"
    _new = staticmethod(entries.new_user)
    _changed = staticmethod(entries.changed_user)

    def __init__(self, runtime: Runtime, name: str) -> None:
        super().__init__(runtime, composed(name))

    @property
    def username(self) -> str:
        return self._name

    def _find(self, issuer: Issuer) -> User | None:
        return issuer.user(self._name)

    def authenticator(self, *, issuer: str | None = None) -> Authenticator:
        """What the user's authenticator shows now; raises ControlError for a user without ``mfa: totp``."""
        at, user = next(iter(self.find(issuer).items()))
        if user.mfa != "totp":
            raise ControlError(f"user {self._name!r} has mfa {user.mfa}, expected totp; change the user's mfa")
        return Authenticator(totp.code(user, at.clock.now()), totp.secret(user), totp.uri(user, at.url))

    def revoke(self, *, issuer: str | None = None) -> int:
        """End every session and every authorization of the user; the number of authorizations that had not ended."""
        return sum(self._end_all(each) for each in self.find(issuer))

    def delete(self, *, issuer: str | None = None) -> None:
        """End all that the user has, and forget it: another user of this name begins with nothing."""
        found = self.find(issuer)
        super().delete(issuer=issuer)
        for each in found:
            self._end_all(each)
            each.store.remove_consents(self._name)

    def _end_all(self, issuer: Issuer) -> int:
        # first: the end of a session ends some of them, and does not say how many
        ended = issuer.store.grants.end_all_of(self._name)
        for sid in issuer.store.sids_of(self._name):
            logout.end(issuer, self._name, sid)
        issuer.store.remove_sessions(self._name)
        return ended


class ClientControl(RecordControl[Client]):
    """One client, of the seed or registered."""

    kind = "clients"
    _new = staticmethod(entries.new_client)
    _changed = staticmethod(entries.changed_client)

    @property
    def client_id(self) -> str:
        return self._name

    def _find(self, issuer: Issuer) -> Client | None:
        return issuer.find_client(self._name)

    def delete(self, *, issuer: str | None = None) -> None:
        """Forget the client; deleting a registered one ends its registration."""
        found = self.find(issuer)
        super().delete(issuer=issuer)
        for each in found:
            each.store.clients.remove(self._name)


Control = TypeVar("Control", UserControl, ClientControl)


class _Records(Mapping[str, Control]):
    _control: type[Control]

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def __getitem__(self, name: str) -> Control:
        control = self._control(self._runtime, name)
        control.find()
        return control

    def __iter__(self) -> Iterator[str]:
        return iter(names(self._runtime, self._control.kind))

    def __len__(self) -> int:
        return len(names(self._runtime, self._control.kind))


class Users(_Records[UserControl]):
    """The users by name."""

    _control = UserControl

    def add(self, /, username: str, *, issuer: str | None = None, **entry: Any) -> UserControl:
        """A new user with any key that one has in the seed: ``password``, ``claims``, ``scopes``, ``sub``, …"""
        return UserControl(self._runtime, username).add(issuer, entry)


class Clients(_Records[ClientControl]):
    """The clients by client_id. Iterating yields those of the seed; one that registered is found by its id too."""

    _control = ClientControl

    def add(self, /, client_id: str, *, issuer: str | None = None, **entry: Any) -> ClientControl:
        """A new client with any key that one has in the seed: ``secret`` or ``public``, ``redirect_uris``, …"""
        return ClientControl(self._runtime, client_id).add(issuer, entry)


def names(runtime: Runtime, kind: RecordKind) -> list[str]:
    return list(dict.fromkeys(name for each in runtime.issuers for name in getattr(each.settings, kind)))

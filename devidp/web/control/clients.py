"""Clients, changed while devidp runs: those of the seed, and those that registered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from devidp.issuer import accounts
from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.seed import SeedError
from devidp.store.controls import Controlled
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.runtime import Runtime


class Clients(Mapping[str, "ClientControl"]):
    """The clients by client_id. Iterating yields those of the seed; one that registered is found by its id too."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def __getitem__(self, client_id: str) -> ClientControl:
        if not any(each.find_client(client_id) for each in issuers.every(self._runtime)):
            raise NoSuchClient(client_id, self._names())
        return ClientControl(self._runtime, client_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        return list(dict.fromkeys(name for each in issuers.every(self._runtime) for name in each.settings.clients))

    def add(self, client_id: str, *, issuer: str | None = None, **entry: Any) -> ClientControl:
        """A new client with the keys that one has in the seed: ``secret`` or ``public``, ``redirect_uris``, …"""
        meant = issuers.meant(self._runtime, issuer)
        if any(each.find_client(client_id) for each in meant):
            raise ControlError(f"there is a client {client_id!r} already; change it, or choose another name")
        try:
            added = {each.name: accounts.new_client(client_id, entry, each.seed, each.settings) for each in meant}
        except SeedError as error:
            raise ControlError(str(error)) from None
        put(self._runtime, client_id, added)
        return ClientControl(self._runtime, client_id)


class NoSuchClient(UnknownName, KeyError):
    """No client has this id; a ``KeyError`` too, because clients are a mapping."""

    def __init__(self, client_id: str, known: list[str]) -> None:
        super().__init__("client", client_id, known)

    def __str__(self) -> str:
        return Exception.__str__(self)


@dataclass(frozen=True, slots=True)
class ClientControl:
    """One client, at every issuer that has one of this id."""

    _runtime: Runtime
    client_id: str

    @property
    def record(self) -> Client:
        """The client as the first issuer that has one of this id sees it at this moment."""
        return self._having(None)[0][1]

    def change(self, *, issuer: str | None = None, **changes: Any) -> None:
        """Change some keys of the client, named as in the seed, or ``disabled``; what was not given stays."""
        try:
            changed = {
                each.name: accounts.changed_client(client, changes, each.seed, each.settings)
                for each, client in self._having(issuer)
            }
        except SeedError as error:
            raise ControlError(str(error)) from None
        put(self._runtime, self.client_id, changed)

    def disable(self, *, issuer: str | None = None) -> None:
        """Refused everywhere, and its tokens are inactive."""
        self.change(issuer=issuer, disabled=True)

    def enable(self, *, issuer: str | None = None) -> None:
        self.change(issuer=issuer, disabled=False)

    def delete(self, *, issuer: str | None = None) -> None:
        """Forget the client; deleting a registered one ends its registration."""
        having = [each for each, _ in self._having(issuer)]
        for each in having:
            each.store.clients.remove(self.client_id)
        put(self._runtime, self.client_id, dict.fromkeys(each.name for each in having))

    def _having(self, name: str | None) -> list[tuple[Issuer, Client]]:
        found = ((each, each.find_client(self.client_id)) for each in issuers.meant(self._runtime, name))
        having = [(each, client) for each, client in found if client is not None]
        if not having:
            raise NoSuchClient(self.client_id, list(Clients(self._runtime)))
        return having


def put(runtime: Runtime, client_id: str, by_issuer: Mapping[str, Client | None]) -> None:
    """Have these clients in place of what the issuers had under ``client_id``; ``None`` deletes."""

    def with_clients(controlled: Controlled) -> Controlled:
        clients = dict(controlled.clients)
        for issuer, client in by_issuer.items():
            clients[issuer] = {**clients.get(issuer, {}), client_id: client}
        return replace(controlled, clients=clients)

    runtime.control(with_clients)

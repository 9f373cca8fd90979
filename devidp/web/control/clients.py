"""Clients, changed while devidp runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from devidp.issuer import entries
from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError
from devidp.web.control.limits import LIMIT, end_of
from devidp.web.control.overrides import RecordControl, Records


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """A client that registered itself (RFC 7591); instants are seconds since the epoch."""

    client_id: str
    issuer: str
    name: str
    redirect_uris: tuple[str, ...]
    registered_at: int
    expires_at: int | None
    """When it is forgotten unless it gets a token; ``None``: it has had one, and stays."""


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

    def _is_original(self, issuer: Issuer) -> bool:
        return super()._is_original(issuer) or issuer.store.clients.find(self._name) is not None

    def change(self, /, *, issuer: str | None = None, **changes: Any) -> None:
        """Change some keys, named as in the seed; ``None`` takes one away, the others stay."""
        if changes.keys() - {"disabled"} and any(record.unlisted for record in self.find(issuer).values()):
            raise ControlError(f"client {self._name!r} is taken as it comes; add it, with all that it is to have")
        super().change(issuer=issuer, **changes)

    def delete(self, *, issuer: str | None = None) -> None:
        """Forget the client; deleting a registered one ends its registration."""
        found = self.find(issuer)
        if any(record.document or record.unlisted for record in found.values()):
            raise ControlError(f"client {self._name!r} would be there again with its next request; disable it")
        super().delete(issuer=issuer)
        for each in found:
            each.store.clients.remove(self._name)


class Clients(Records[ClientControl]):
    """The clients by client_id. Iterating yields those of the seed; one that registered is found by its id too."""

    _control = ClientControl

    def add(self, /, client_id: str, *, issuer: str | None = None, **entry: Any) -> ClientControl:
        """A new client with any key that one has in the seed: ``secret`` or ``public``, ``redirect_uris``, …"""
        return ClientControl(self._runtime, client_id).add(issuer, entry)

    def registered(
        self, part: str = "", *, issuer: str | None = None, limit: int = LIMIT, offset: int = 0
    ) -> list[RegisteredClient]:
        """Those that registered themselves, with ``part`` in what they registered, the newest first."""
        end = end_of(limit, offset)
        found = [
            RegisteredClient(
                client_id,
                at.name,
                str(each.metadata.get("client_name") or client_id),
                tuple(each.metadata.get("redirect_uris", ())),
                each.registered_at,
                each.expires_at,
            )
            for at in issuers.matching(self._runtime, issuer)
            for client_id, each in at.store.clients.select(part, end)
        ]
        return sorted(found, key=lambda each: each.registered_at, reverse=True)[offset:end]

    def count_registered(self, part: str = "", *, issuer: str | None = None) -> int:
        return sum(each.store.clients.count(part) for each in issuers.matching(self._runtime, issuer))

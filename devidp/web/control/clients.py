"""Clients, changed while devidp runs."""

from __future__ import annotations

from typing import Any

from devidp.issuer import overrides as entries
from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.web.control.overrides import RecordControl, Records


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

    def delete(self, *, issuer: str | None = None) -> None:
        """Forget the client; deleting a registered one ends its registration."""
        found = self.find(issuer)
        super().delete(issuer=issuer)
        for each in found:
            each.store.clients.remove(self._name)


class Clients(Records[ClientControl]):
    """The clients by client_id. Iterating yields those of the seed; one that registered is found by its id too."""

    _control = ClientControl

    def add(self, /, client_id: str, *, issuer: str | None = None, **entry: Any) -> ClientControl:
        """A new client with any key that one has in the seed: ``secret`` or ``public``, ``redirect_uris``, …"""
        return ClientControl(self._runtime, client_id).add(issuer, entry)

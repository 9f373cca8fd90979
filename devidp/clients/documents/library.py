"""The clients that documents describe: built in, or fetched and kept by their HTTP headers.

Each process keeps its own in memory: a document can be fetched again at any time.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from pkgutil import resolve_name
from typing import NamedTuple

from devidp.clients.documents import address, wellknown
from devidp.models import Client, IssuerSettings
from devidp.models.accounts import DocumentOrigin
from devidp.oauth import names
from devidp.oauth.errors import Problem, quoted
from devidp.system import documents, fetch
from devidp.system.clock import Clock
from devidp.system.fetch import FetchError, Reach

FLOOR_SECONDS = 60
"""A document is kept at least this long, whatever its headers say: a flow needs it several times."""
RETRY_SECONDS = 30
"""After a failure a document is not fetched again sooner."""
STALE_SECONDS = 86400
"""How long an expired document is used while it cannot be fetched again."""
MAX_ENTRIES = 256
UNFETCHABLE = "client_id_metadata_documents: {unfetchable: loopback}"


class _Entry(NamedTuple):
    client: Client | None
    fetched_at: float
    until: float
    reason: str = ""
    remedy: str = ""


class ClientDocuments:
    """The clients of one issuer that have URLs as their ids."""

    def __init__(self, settings: IssuerSettings, scopes: Collection[str], clock: Clock) -> None:
        self._settings = settings
        self._scopes = scopes
        self._clock = clock
        self._entries: dict[str, _Entry] = {}
        self._lock = threading.Lock()

    def find(self, client_id: str) -> Client | None:
        """The client that the document at ``client_id`` describes; ``why_not`` says what is wrong where none does."""
        return self._look_up(client_id).client if address.is_url(client_id) else None

    def why_not(self, client_id: str) -> tuple[str, str] | None:
        """Reason and remedy for a URL that names no client; ``None`` for what is no URL."""
        if not address.is_url(client_id):
            return None
        found = self._look_up(client_id)
        return f"Client {quoted(client_id)} is refused: {found.reason}", found.remedy

    def _look_up(self, url: str) -> _Entry:
        now = self._clock.now()
        before = self._entries.get(url)
        if before is not None and before.fetched_at <= now < before.until:
            return before
        found = self._check(url, now, before)
        with self._lock:
            self._entries.pop(url, None)
            if len(self._entries) >= MAX_ENTRIES:
                del self._entries[next(iter(self._entries))]
            self._entries[url] = found
        return found

    def _check(self, url: str, now: float, before: _Entry | None) -> _Entry:
        settings, until = self._settings, now + RETRY_SECONDS
        if names.CLIENT_DOCUMENTS not in settings.features:
            switch = f"features: {{{names.CLIENT_DOCUMENTS}: true}}"
            return _Entry(None, now, until, "it is a URL, and client ID metadata documents are switched off here",
                         f"Register the client, or set '{switch}' for the issuer in the seed")  # fmt: skip
        if why := address.problem(url, private=settings.fetch_private_addresses):
            return _Entry(None, now, until, why, "Use an https URL with a path, and without fragment or credentials")
        try:
            if known := wellknown.exact().get(url):
                return _Entry(self._read(url, known, "built in"), now, now + STALE_SECONDS)
            return self._fetch(url, now, before)
        except Problem as error:
            return _Entry(None, now, until, f"its document cannot be used: {error.reason}", error.remedy)

    def _fetch(self, url: str, now: float, before: _Entry | None) -> _Entry:
        try:
            reply = fetch.get(url, Reach(private=self._settings.fetch_private_addresses))
        except FetchError as error:
            return self._without_fetching(url, now, before, error)
        client = self._read(url, documents.parse(url, reply), "fetched")
        return _Entry(client, now, now + max(documents.freshness(reply), FLOOR_SECONDS))

    def _without_fetching(self, url: str, now: float, before: _Entry | None, error: FetchError) -> _Entry:
        until = now + RETRY_SECONDS
        if before is not None and before.client is not None and now < before.fetched_at + STALE_SECONDS:
            return _Entry(before.client, before.fetched_at, until)
        if pattern := wellknown.by_pattern(url):
            return _Entry(self._read(url, pattern, "built in"), now, until)
        if self._settings.unfetchable_documents == "loopback":
            return _Entry(_loopback_client(url), now, until)
        return _Entry(None, now, until, f"its document cannot be had: {error.reason}",
                     f"{error.remedy}. Offline, set '{UNFETCHABLE}' for the issuer in the seed, "
                     "or add the client under 'clients'")  # fmt: skip

    def _read(self, url: str, document: object, origin: DocumentOrigin) -> Client:
        # brings the model of metadata, and most runs have no such client
        read = resolve_name("devidp.clients.documents.reading:read")
        client: Client = read(url, document, origin, self._settings, self._scopes)
        return client


def _loopback_client(url: str) -> Client:
    """A client without a document: responses go to programs on this machine only."""
    return Client(
        client_id=url, name=url, registered=True, document="not fetched", redirects="loopback", consent="required"
    )

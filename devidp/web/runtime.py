"""One running devidp: its seed, its data folder, and the issuers that the seed asks for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from devidp.issuer.backchannel import LogoutNotifier
from devidp.issuer.issuer import Issuer
from devidp.issuer.overrides import with_changes, with_default_audience
from devidp.keys import SigningKey
from devidp.keys.tokens import Draft, IssuedType
from devidp.models import Authorization, IssuerSettings, Seed
from devidp.models.config import Config
from devidp.protocol import Server
from devidp.store import Database, Store, StoreError
from devidp.store.overrides import NOTHING, Change, Overrides
from devidp.store.store import clear, purge
from devidp.system.clock import Clock, machine_seconds
from devidp.system.event_log import EventLog
from devidp.system.files import PrivateFileError
from devidp.web import servable
from devidp.web.installation import Installation, open_installation
from devidp.web.key_rings import KeyRings
from devidp.web.servable import StartError

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

logger = logging.getLogger("devidp")
PURGE_MARGIN = 600
"""Seconds for which an expired code is still told from an unknown one."""
MOST_STREAMS = 8
"""At a time: each holds a thread of the process, and requests need some."""


class Runtime:
    """Holds what lasts when the seed changes: database, keys, clock and event log. All but ``open`` needs it open."""

    database: Database
    event_log: EventLog
    overrides: Overrides

    def __init__(self, config: Config, seed: Seed, clock: Clock | None = None) -> None:
        self.config = config
        """What it was started with, but for a public URL that was set since."""
        self.started_at = config.public_url
        self.seed = seed
        self.clock = clock or Clock()
        self.servers: Mapping[str, Server] = {}
        self.tried_faults: set[str] = set()
        """Names of the faults that a token has had so far, whatever was reset."""
        self.adopted: Callable[[], None] = lambda: None
        """Called whenever the issuers are at other addresses."""
        self.watches_seed = False
        """Whether the seed is read again when its files change."""
        self.edit_refused = False
        """Whether the seed was edited, and cannot be served as it is now."""
        self.is_ending: Callable[[], bool] = lambda: False
        """Whether this process is to end: a stream does not keep it."""
        self.streams = threading.BoundedSemaphore(MOST_STREAMS)
        """A place for each stream; a reader that finds none asks again and again."""
        self._adopting = threading.RLock()
        self._open = ExitStack()
        self.is_open = False
        self._served: Mapping[str, str] = {}
        self._applied = NOTHING
        self._applied_generation = -1

    def open(self) -> bool:
        """Open the data and serve the seed; ``False`` where that was done before. Raises StartError."""
        with self._adopting:
            if self.is_open:
                return False
            seed = self.check(self.seed)
            try:
                with ExitStack() as opening:
                    self._keep(open_installation(self.config, opening))
                    self._serve(seed)
                    self._open = opening.pop_all()
            except (StoreError, PrivateFileError) as error:
                raise StartError(str(error)) from error
            self.is_open = True
            return True

    def _keep(self, kept: Installation) -> None:
        self._kept = kept
        self._rings = KeyRings(kept, self.clock.seconds)
        self.database, self.event_log, self.overrides = kept.database, kept.event_log, kept.overrides

    @property
    def version(self) -> object:
        """Another one whenever the seed, the keys, or what was changed at run time is another."""
        return self._kept.generation.seen, self.servers

    def adopt(self, seed: Seed) -> None:
        """Serve ``seed`` from now on; raises StartError, and keeps the old one, where that cannot be done."""
        with self._adopting:
            self._serve(self.check(seed))

    def check(self, seed: Seed) -> Seed:
        """``seed`` as it would be served; raises StartError where it cannot be."""
        servable.check_automatic_user(seed, self.config.auto_approve)
        servable.check_addresses(seed, self.config.public_url)
        if self.config.default_audience is not None:
            seed = with_default_audience(seed, self.config.default_audience)
        if self.is_open:
            servable.check_overrides(seed, self.overrides.load()[1])
        return seed

    def _serve(self, seed: Seed) -> None:
        self._kept.generation.look()
        self._apply(seed)
        if self.config.database is not None:
            self._announce()
        self.adopted()

    def _apply(self, seed: Seed | None = None) -> None:
        """Serve ``seed``, or the one that is served already, with what was changed at run time."""
        with self._adopting:
            generation, overrides = self.overrides.load()
            before = self._applied
            public_url = overrides.public_url or self.started_at
            moved = public_url != self.config.public_url
            if moved:
                self.config = replace(self.config, public_url=public_url)
            if seed or moved or (overrides.users, overrides.clients) != (before.users, before.clients):
                seed = seed or self.seed
                changed = with_changes(seed, overrides)
                self.servers = {settings.name: self._server(settings, changed) for settings in changed.issuers}
                self.seed = seed
            if overrides.clock != before.clock:
                self.clock.show(overrides.clock.offset, overrides.clock.frozen_at)
            self._applied, self._applied_generation = overrides, generation
            if moved:
                self.adopted()
            if overrides.served != before.served and (warning := self.unlike):
                logger.warning("%s", warning)

    def _announce(self) -> None:
        """Tell the other replicas what is served here. It is sealed: whoever comes with another secret is refused."""
        config = replace(self.config, public_url=self.started_at)
        self._served = resolve_name("devidp.web.served:served")(config, self.seed, self.derive)
        if self.overrides.current.served != self._served:
            self.control(lambda overrides: replace(overrides, served=self._served))

    @property
    def unlike(self) -> str:
        """What another replica serves otherwise; empty where all are alike."""
        if not self._served:
            return ""
        found: str = resolve_name("devidp.web.served:unlike")(self._served, self.overrides.current.served)
        return found

    # what is overridden while devidp runs

    def follow(self) -> None:
        """Apply what was changed in any worker: called at the beginning of each request."""
        try:
            generation = self._kept.generation.look()
        except StoreError:
            return  # what needs the database reports it
        if generation != self._applied_generation:
            self._apply()

    def catch_up(self) -> None:
        """As ``follow``; raises StoreError where the database does not answer."""
        if self._kept.generation.look() != self._applied_generation:
            self._apply()

    def control(self, change: Change) -> None:
        """Change what is in force, in every worker: here at once, there before the next request."""
        self.overrides.change(change)
        self._apply()

    def clear(self) -> None:
        """Forget every code, token, session, consent, registration and event; keys stay."""
        clear(self.database)
        self.event_log.clear()

    def derive(self, purpose: str) -> bytes:
        """A key that only this installation can compute."""
        return self._kept.derive(purpose)

    def _server(self, settings: IssuerSettings, seed: Seed) -> Server:
        username = self.config.auto_approve or settings.auto_approve
        user = settings.users.get(username or "")
        issuer = Issuer(
            replace(settings, auto_approve=None if user is None or user.disabled else username),
            seed,
            self.config.public_url,
            self.config.backchannel_url,
            clock=self.clock,
            store=Store(self.database, settings.name),
            keys=self._rings.of(settings),
            secret=self._kept.secret,
            host=self,
        )
        return Server(issuer)

    # what an issuer asks of the server around it

    @cached_property
    def logout_notifier(self) -> LogoutNotifier:
        return LogoutNotifier(self.event_log, self.clock)

    def signing_key(self, issuer: str) -> SigningKey:
        return self._rings[issuer].active

    def key_set(self, issuer: str) -> KeySet:
        return self._rings[issuer].key_set()

    def spoilt(self, issuer: Issuer, draft: Draft, token_type: IssuedType, authorization: Authorization) -> str | None:
        """The token with the armed faults that match ``authorization``, which this uses up."""
        if not self.overrides.current.faults:
            return None  # almost always
        spoil = resolve_name("devidp.web.armed_faults:spoilt")
        found: str | None = spoil(self.overrides, self.tried_faults, issuer, draft, token_type, authorization)
        return found

    @property
    def home(self) -> str:
        """The path of the landing page, as browsers know it."""
        return f"{urlsplit(self.config.public_url).path}/"

    @property
    def issuers(self) -> list[Issuer]:
        return [server.issuer for server in self.servers.values()]

    def first(self) -> Issuer:
        """The issuer that devidp names when it starts."""
        return next(iter(self.servers.values())).issuer

    def purge(self) -> int:
        """Delete what has expired; the number of rows."""
        return purge(self.database, self.clock.seconds() - PURGE_MARGIN, machine_seconds() - PURGE_MARGIN)

    def before_close(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` before the data is closed."""
        self._open.callback(callback)

    def close(self) -> None:
        if "logout_notifier" in vars(self):
            self.logout_notifier.close()
        self._open.close()

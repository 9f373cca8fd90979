"""One running devidp: its seed, its data folder, and the issuers that the seed asks for."""

from __future__ import annotations

import hmac
import logging
import secrets
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from devidp.issuer.backchannel import LogoutNotifier
from devidp.issuer.issuer import Issuer
from devidp.issuer.overrides import check, with_changes, with_default_audience
from devidp.keys import KeyProblem, KeyRing, SigningKey
from devidp.keys.tokens import Draft, IssuedType
from devidp.models import Authorization, Client, IssuerSettings, Seed, User
from devidp.models.addresses import contested
from devidp.models.config import Config
from devidp.oauth import names
from devidp.protocol import Server
from devidp.seed import SeedError
from devidp.store import Database, Store, StoreError, open_database
from devidp.store.events import EventTable
from devidp.store.generation import Generation
from devidp.store.migrations import EVENTS
from devidp.store.overrides import NOTHING, Change, Overrides, OverrideSet, Scripted
from devidp.store.sealed import FOLDER, REPLICAS, Sealed
from devidp.store.signing_keys import SigningKeys
from devidp.store.store import clear, purge
from devidp.system import data_folder, files, passwords, replicas
from devidp.system.clock import Clock, machine_seconds
from devidp.system.event_log import EventFile, EventLog, Facts, MemoryEventLog
from devidp.system.files import PrivateFileError
from devidp.system.hosts import dashboard_url

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

RecordKind = Literal["users", "clients"]
Edit = Callable[[str, Any], User | Client | None]
"""From an issuer's name and its record, or ``None``, to the new record, or ``None`` to delete it."""
logger = logging.getLogger("devidp")
PURGE_MARGIN = 600
"""Seconds for which an expired code is still told from an unknown one."""


class StartError(Exception):
    """devidp cannot start like this; the message says what to change."""


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
        self._rings: dict[str, tuple[object, KeyRing]] = {}
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
            try:
                with ExitStack() as opening:
                    self._open_data(opening)
                    self.adopt(self.seed)
                    self._open = opening.pop_all()
            except (StoreError, PrivateFileError) as error:
                raise StartError(str(error)) from error
            self.is_open = True
            return True

    def _open_data(self, opening: ExitStack) -> None:
        config, folder = self.config, self.config.data_dir
        file = EventFile(config.events_file) if config.events_file else None
        if config.database is not None:
            self._open_shared(config.database, file, opening)
            return
        with ExitStack() as alone:
            if folder is None:
                path, self._secret = None, secrets.token_bytes(files.SECRET_BYTES)
            else:
                group = config.data_group
                if config.owns_data:
                    opening.enter_context(data_folder.owner(folder, config.public_url, group=group))
                alone.enter_context(data_folder.exclusive(folder, group=group))
                path = files.private_file(folder / "devidp.db", group=group)
                self._secret = files.private_secret(folder / "secret", group=group)
            self.database = opening.enter_context(closing(open_database(path)))
            dashboard = dashboard_url(config) or ""
            if folder is None or config.workers < 2:
                self.event_log = MemoryEventLog(config.log_format, file, dashboard)
            else:
                beside = files.private_file(folder / "events.db", group=config.data_group)
                events = open_database(beside, EVENTS, durable=False)
                self.event_log = EventTable(events, config.run, config.log_format, file, dashboard)
            opening.enter_context(closing(self.event_log))
        self._share(config.run)

    def _open_shared(self, url: str, file: EventFile | None, opening: ExitStack) -> None:
        """A database that other replicas have open too; this process keeps nothing that they need."""
        config, connect = self.config, resolve_name("devidp.store.postgres:open_database")
        replicas.expect_secret(url, config.secret)
        self._secret = (config.secret or "").encode()
        self.database = opening.enter_context(closing(connect(url)))
        events = connect(url, EVENTS, durable=False, beside=self.database)
        dashboard = dashboard_url(config) or ""
        self.event_log = EventTable(events, replicas.RUN, config.log_format, file, dashboard)
        opening.enter_context(closing(self.event_log))
        self._share(replicas.RUN)

    def _share(self, run: str) -> None:
        self._generation = Generation(self.database)
        self.overrides = Overrides(self.database, self._generation, run, self._sealed("overrides"))

    def _sealed(self, purpose: str) -> Sealed:
        return Sealed(self._secret, purpose, FOLDER if self.config.database is None else REPLICAS)

    @property
    def version(self) -> object:
        """Another one whenever the seed, the keys, or what was changed at run time is another."""
        return self._generation.seen, self.servers

    def adopt(self, seed: Seed) -> None:
        """Serve ``seed`` from now on; raises StartError, and keeps the old one, where that cannot be done."""
        with self._adopting:
            seed = self.check(seed)
            self._generation.look()
            self._apply(seed)
            if self.config.database is not None:
                self._announce()
            self.adopted()

    def check(self, seed: Seed) -> Seed:
        """``seed`` as it would be served; raises StartError where it cannot be."""
        self._check_automatic_user(seed)
        self.check_addresses(seed, self.config.public_url)
        if self.config.default_audience is not None:
            seed = with_default_audience(seed, self.config.default_audience)
        if self.is_open:
            self._check_overrides(seed)
        return seed

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
            generation = self._generation.look()
        except StoreError:
            return  # what needs the database reports it
        if generation != self._applied_generation:
            self._apply()

    def catch_up(self) -> None:
        """As ``follow``; raises StoreError where the database does not answer."""
        if self._generation.look() != self._applied_generation:
            self._apply()

    def control(self, change: Change) -> None:
        """Change what is in force, in every worker: here at once, there before the next request."""
        self.overrides.change(change)
        self._apply()

    def override(self, kind: RecordKind, name: str, records: Mapping[str, Any], edit: Edit) -> None:
        """Replace what the issuers have under ``name``; a password is stored as its hash alone.

        ``records`` is what they have as far as this worker knows, and ``edit`` gets what they have in truth: another
        worker may have changed it meanwhile. Raises SeedError where the result does not go with the others.
        """

        def change(overrides: OverrideSet) -> OverrideSet:
            by_issuer = dict(getattr(overrides, kind))
            for issuer, known in records.items():
                others = by_issuer.get(issuer, {})
                record = edit(issuer, others.get(name, known))
                if isinstance(record, User) and self.config.is_durable:
                    record = passwords.with_hash(record)
                by_issuer[issuer] = {**others, name: record}
            return self._checked(overrides, kind, by_issuer, name)

        self.control(change)

    def take_back(self, kind: RecordKind, name: str, issuers: Collection[str]) -> None:
        """What the ``issuers`` have under ``name`` is that of the seed again; raises SeedError as ``override`` does."""

        def change(overrides: OverrideSet) -> OverrideSet:
            by_issuer = {
                issuer: {key: record for key, record in records.items() if key != name or issuer not in issuers}
                for issuer, records in getattr(overrides, kind).items()
            }
            return self._checked(overrides, kind, by_issuer, name)

        self.control(change)

    def _checked(self, overrides: OverrideSet, kind: RecordKind, by_issuer: Any, name: str) -> OverrideSet:
        changes: dict[str, Any] = {kind: by_issuer}
        changed = replace(overrides, **changes)
        if kind == "users":
            check(with_changes(self.seed, changed), name)
        return changed

    def clear(self) -> None:
        """Forget every code, token, session, consent, registration and event; keys stay."""
        clear(self.database)
        self.event_log.clear()

    def derive(self, purpose: str) -> bytes:
        """A key that only this installation can compute."""
        return hmac.digest(self._secret, purpose.encode(), "sha256")

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
            keys=self._ring(settings),
            secret=self._secret,
            host=self,
        )
        return Server(issuer)

    def _check_automatic_user(self, seed: Seed) -> None:
        """The user of the configuration must be there at the start; one who is disabled later has to log in."""
        username = self.config.auto_approve
        if username is None:
            return
        for settings in seed.issuers:
            user = settings.users.get(username)
            if user is None or user.disabled:
                state = "is disabled" if user else f"is unknown; there are: {' '.join(settings.users) or 'none'}"
                raise StartError(
                    f"The user '{username}', who is to be approved at once, {state} (issuer {settings.name})"
                )

    def check_addresses(self, seed: Seed, public_url: str) -> None:
        """An issuer that names the host of ``public_url`` must not be where another one is below that."""
        if found := contested(seed, public_url):
            raise StartError(found)

    def _check_overrides(self, seed: Seed) -> None:
        """What was changed at run time must go with ``seed``."""
        try:
            check(with_changes(seed, self.overrides.load()[1]))
        except SeedError as error:
            raise StartError(
                f"It does not go with what was changed at run time ({error}); a reset forgets that"
            ) from error

    def _ring(self, settings: IssuerSettings) -> KeyRing:
        x5c = names.X5C in settings.features
        wanted = (settings.signing_algorithm, settings.key_size, settings.signing_key, x5c)
        known = self._rings.get(settings.name)
        if known is not None and known[0] == wanted:
            return known[1]
        try:
            imported = None
            if settings.signing_key is not None:
                parse = resolve_name("devidp.keys.material:parse")
                imported = parse(settings.signing_key, settings.signing_algorithm, settings.key_size)
        except KeyProblem as error:
            raise StartError(f"The signing_key of issuer {settings.name} cannot be used: {error}") from error
        sealed = self._sealed("signing keys")
        stored = SigningKeys(self.database, self._generation, settings.name, sealed, self.clock.seconds)
        ring = KeyRing(settings.signing_algorithm, stored, imported, key_size=settings.key_size, x5c=x5c)
        try:
            ring.check()
        except StoreError as error:
            raise StartError(f"The keys of issuer {settings.name} cannot be used: {error}") from error
        self._rings[settings.name] = wanted, ring
        return ring

    # what an issuer asks of the server around it

    @cached_property
    def logout_notifier(self) -> LogoutNotifier:
        return LogoutNotifier(self.event_log, self.clock)

    def signing_key(self, issuer: str) -> SigningKey:
        return self._rings[issuer][1].active

    def key_set(self, issuer: str) -> KeySet:
        return self._rings[issuer][1].key_set()

    def spoilt(self, issuer: Issuer, draft: Draft, token_type: IssuedType, authorization: Authorization) -> str | None:
        """The token with the armed faults that match ``authorization``, which this uses up."""
        waiting = self.overrides.current.faults
        if not waiting:
            return None  # almost always
        seen = Facts(
            client=authorization.client.client_id,
            user=authorization.user.username if authorization.user else "",
            grant=authorization.grant_type,
            state=authorization.state or "",
        )
        matching = [each for each in waiting if each.match.fits(seen, issuer.name)]
        case = resolve_name("devidp.faults:Case")(draft, issuer, authorization)

        def use(armed: Scripted) -> bool:
            used = self.overrides.use("faults", armed)
            if used:
                self.tried_faults.add(armed.name)
                authorization.faults.append(armed.name)
            return used

        found: str | None = resolve_name("devidp.faults.arming:spoilt")(matching, case, token_type, use)
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

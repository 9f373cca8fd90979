"""One running devidp: its seed, its data folder, and the issuers that the seed asks for."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from joserfc.jwk import KeySet

from devidp import faults
from devidp.event_ring import EventRing
from devidp.faults import Fault
from devidp.issuer import backchannel
from devidp.issuer.accounts import with_changes
from devidp.issuer.backchannel import Courier
from devidp.issuer.issuer import Issuer
from devidp.keys import KeyProblem, KeyRing, SigningKey, material
from devidp.models import Authorization, IssuerSettings, Seed, User
from devidp.models.config import Config
from devidp.protocol import Server
from devidp.store import Database, Store, StoreError
from devidp.store.controls import NOTHING, Change, ClockState, Controlled, Controls
from devidp.store.lock import exclusive
from devidp.store.schema import migrate
from devidp.store.sealed import Sealed
from devidp.store.shared import SharedText
from devidp.store.store import clear, purge
from devidp.system import files, passwords
from devidp.system.clock import Clock
from devidp.system.event_file import EventFile
from devidp.system.recorder import Facts, Recorder

PURGE_MARGIN = 600
"""Seconds for which an expired code is still told from an unknown one."""


class StartError(Exception):
    """devidp cannot start like this; the message says what to change."""


class Runtime:
    """Holds what lasts when the seed changes: database, keys, clock and recorder."""

    def __init__(self, config: Config, seed: Seed, clock: Clock | None = None) -> None:
        self.config = config
        self.clock = clock or Clock()
        self.adopted: Callable[[Iterable[str]], None] = lambda _: None
        """Told the paths of the issuers whenever a seed is taken in."""
        self._rings: dict[str, tuple[object, KeyRing]] = {}
        self._adopting = threading.RLock()
        self._shared: SharedText | None = None
        try:
            self._open(config.data_dir)
        except (StoreError, files.PrivateFileError) as error:
            raise StartError(str(error)) from error
        self.recorder = self._recorder(config)
        self.controls = Controls(self._shared)
        self._applied = NOTHING
        self.seed = seed
        self.servers: Mapping[str, Server] = {}
        try:
            self.adopt(seed)
        except (StartError, StoreError) as error:
            self.close()
            raise StartError(str(error)) from error

    def _open(self, folder: Path | None) -> None:
        if folder is None:
            self._key_folder, self._secret = None, secrets.token_bytes(files.SECRET_BYTES)
            self.database = Database(None)
            migrate(self.database)
            return
        self._key_folder = files.private_folder(files.private_folder(folder) / "keys")
        with exclusive(folder):
            self._secret = files.private_secret(folder / "secret")
            self.database = Database(files.private_file(folder / "devidp.db"))
            migrate(self.database)
            self._shared = SharedText(
                self.database, folder / "controls", self.config.run, Sealed(self._secret, "controls")
            )

    def _recorder(self, config: Config) -> Recorder:
        asked = EventFile(config.events_file) if config.events_file else None
        if config.data_dir is None or config.workers < 2:
            return Recorder(config.log_format, asked)
        name = f"events-{config.run[:8]}"
        for left in config.data_dir.glob("events-*"):
            if left.stem != name:
                left.unlink(missing_ok=True)
        return Recorder(config.log_format, asked, EventRing(config.data_dir, name))

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the issuers of the seed are: ``/default``, or empty for the root."""
        return tuple(settings.path for settings in self.seed.issuers)

    def open(self) -> None:
        """Open the data."""

    def adopt(self, seed: Seed) -> None:
        """Serve ``seed`` from now on; raises StartError, and keeps the old one, where that cannot be done."""
        self._check_automatic_user(seed)
        with self._adopting:
            self._serve(seed, self.controls.load())

    def _serve(self, seed: Seed, controlled: Controlled) -> None:
        """Serve ``seed`` with what was changed at run time, which outlives an edited seed."""
        changed = with_changes(seed, controlled)
        servers = {settings.path: self._server(settings, changed) for settings in changed.issuers}
        self.seed, self.servers = seed, servers
        self._show_clock(controlled.clock)
        self._applied = controlled
        self.adopted(servers)

    def _show_clock(self, state: ClockState) -> None:
        if state != self._applied.clock:
            self.clock.show(state.offset, state.frozen_at)

    # what is controlled while devidp runs

    def follow(self) -> None:
        """Do what another worker was told; in almost every request there is nothing, which takes 0.2 µs to see."""
        if self.controls.stale():
            with self._adopting:
                self._apply(self.controls.load())

    def control(self, change: Change) -> None:
        """Change what is in force, in every worker: here at once, there before the next request."""
        with self._adopting:
            self._apply(self.controls.change(change))

    def kept(self, user: User) -> User:
        """``user`` as what is changed at run time may hold one: a password is not to be read from a database."""
        return user if self._shared is None else passwords.with_hash(user)

    def _apply(self, controlled: Controlled) -> None:
        before = self._applied
        if controlled.users != before.users or controlled.clients != before.clients:
            self._serve(self.seed, controlled)
        else:
            self._show_clock(controlled.clock)
            self._applied = controlled

    def clear(self) -> None:
        """Forget every code, token, session, consent, registration and event; keys stay."""
        clear(self.database)
        self.recorder.clear()

    def _server(self, settings: IssuerSettings, seed: Seed) -> Server:
        settings = self._with_automatic_user(settings)
        store = Store(self.database, settings.name)
        ring = self._ring(settings)
        return Server(
            Issuer(
                settings,
                seed,
                self.config.public_url,
                self.config.backchannel_url,
                clock=self.clock,
                store=store,
                keys=ring,
                secret=self._secret,
                host=self,
            )
        )

    def _with_automatic_user(self, settings: IssuerSettings) -> IssuerSettings:
        username = self.config.auto_approve or settings.auto_approve
        user = settings.users.get(username or "")
        return replace(settings, auto_approve=None if user is None or user.disabled else username)

    def _check_automatic_user(self, seed: Seed) -> None:
        """The user of the configuration must be there at the start; one who is disabled later has to log in."""
        username = self.config.auto_approve
        for settings in seed.issuers if username is not None else ():
            user = settings.users.get(username or "")
            if user is None or user.disabled:
                state = "is disabled" if user else f"is unknown; there are: {' '.join(settings.users) or 'none'}"
                raise StartError(
                    f"The user '{username}', who is to be approved at once, {state} (issuer {settings.name})"
                )

    def _ring(self, settings: IssuerSettings) -> KeyRing:
        wanted = (settings.signing_algorithm, settings.signing_key)
        known = self._rings.get(settings.name)
        if known is None or known[0] != wanted:
            try:
                text = settings.signing_key
                imported = None if text is None else material.parse(text, settings.signing_algorithm)
            except KeyProblem as error:
                raise StartError(f"The signing_key of issuer {settings.name} cannot be used: {error}") from error
            ring = KeyRing(settings.name, settings.signing_algorithm, self._key_folder, imported)
            try:
                ring.check()
            except (KeyProblem, files.PrivateFileError, StoreError) as error:
                raise StartError(f"The keys of issuer {settings.name} cannot be used: {error}") from error
            known = self._rings[settings.name] = (wanted, ring)
        return known[1]

    # what an issuer asks of the server around it

    @cached_property
    def courier(self) -> Courier:
        return backchannel.Courier(self.recorder, self.clock)

    def signing_key(self, issuer: str) -> SigningKey:
        return self._rings[issuer][1].active

    def key_set(self, issuer: str) -> KeySet:
        return self._rings[issuer][1].key_set()

    def disable_user(self, issuer: str, username: str) -> None:
        settings = next(each.settings for each in self._issuers() if each.name == issuer)
        disabled = replace(self.kept(settings.users[username]), disabled=True)

        def with_disabled(controlled: Controlled) -> Controlled:
            of_issuer = {**controlled.users.get(issuer, {}), username: disabled}
            return replace(controlled, users={**controlled.users, issuer: of_issuer})

        self.control(with_disabled)

    def next_fault(self, issuer: str, authorization: Authorization) -> Fault | None:
        if not self.controls.current.faults:
            return None
        seen = Facts(
            client=authorization.client.client_id,
            user=authorization.user.username if authorization.user else "",
            grant=authorization.grant_type,
            state=authorization.state or "",
        )
        has_id_token = authorization.user is not None and "openid" in authorization.scope
        taken = self.controls.take(
            "faults",
            lambda armed: (
                armed.match.fits(seen, issuer) and (has_id_token or faults.FAULTS[armed.name].meant_for("access"))
            ),
        )
        return None if taken is None else faults.FAULTS[taken.name]

    def _issuers(self) -> list[Issuer]:
        return [server.issuer for server in self.servers.values()]

    def server_at(self, path: str) -> Server | None:
        """The server of the issuer at ``path``: ``/default``, or empty for the root."""
        return self.servers.get(path)

    def first(self) -> Issuer:
        """The issuer that devidp names when it starts."""
        return next(iter(self.servers.values())).issuer

    def purge(self) -> int:
        """Delete what has expired; the number of rows."""
        return purge(self.database, self.clock.seconds() - PURGE_MARGIN)

    def close(self) -> None:
        if "courier" in vars(self):
            self.courier.close()
        self.recorder.close()
        if self._shared is not None:
            self._shared.close()
        self.database.close()

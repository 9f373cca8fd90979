"""One running devidp: its seed, its data folder, and the issuers that the seed asks for."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from devidp import files, keys
from devidp.clock import Clock
from devidp.config import Config
from devidp.issuer import Issuer
from devidp.keys import KeyRing
from devidp.protocol import Server
from devidp.recorder import Recorder
from devidp.records import IssuerSettings, Seed
from devidp.store import Database, Store, StoreError
from devidp.store.lock import exclusive
from devidp.store.schema import migrate
from devidp.store.store import purge

PURGE_MARGIN = 600
"""Seconds for which an expired code is still told from an unknown one."""


class InstallationError(Exception):
    """devidp cannot start like this; the message says what to change."""


class Installation:
    """Holds what lasts when the seed changes: database, keys, clock and recorder."""

    def __init__(self, config: Config, seed: Seed, clock: Clock | None = None) -> None:
        self.config = config
        self.clock = clock or Clock()
        self.recorder = Recorder(config.log_format)
        self._rings: dict[str, tuple[object, KeyRing]] = {}
        self._adopting = threading.Lock()
        try:
            self._open(config.data_dir)
        except (StoreError, files.PrivateFileError) as error:
            raise InstallationError(str(error)) from error
        self.seed = seed
        self.servers: Mapping[str, Server] = {}
        try:
            self.adopt(seed)
        except InstallationError:
            self.close()
            raise

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

    def adopt(self, seed: Seed) -> None:
        """Serve ``seed`` from now on; raises InstallationError, and keeps the old one, where that cannot be done."""
        with self._adopting:
            servers = {settings.path: self._server(settings, seed) for settings in seed.issuers}
            self.seed, self.servers = seed, servers

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
            )
        )

    def _with_automatic_user(self, settings: IssuerSettings) -> IssuerSettings:
        username = self.config.auto_approve
        if username is None:
            return settings
        user = settings.users.get(username)
        if user is None or user.disabled:
            state = "is disabled" if user else f"is unknown; there are: {' '.join(settings.users) or 'none'}"
            raise InstallationError(
                f"The user '{username}', who is to be approved at once, {state} (issuer {settings.name})"
            )
        return replace(settings, auto_approve=username)

    def _ring(self, settings: IssuerSettings) -> KeyRing:
        wanted = (settings.signing_algorithm, settings.signing_key)
        known = self._rings.get(settings.name)
        if known is None or known[0] != wanted:
            try:
                text = settings.signing_key
                imported = None if text is None else keys.parse(text, settings.signing_algorithm)
            except keys.KeyProblem as error:
                raise InstallationError(f"The signing_key of issuer {settings.name} cannot be used: {error}") from error
            ring = KeyRing(settings.name, settings.signing_algorithm, self._key_folder, imported)
            try:
                ring.check()
            except (keys.KeyProblem, files.PrivateFileError, StoreError) as error:
                raise InstallationError(f"The keys of issuer {settings.name} cannot be used: {error}") from error
            known = self._rings[settings.name] = (wanted, ring)
        return known[1]

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
        self.database.close()

"""Users, changed while devidp runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from devidp.issuer import accounts, logout
from devidp.issuer.issuer import Issuer
from devidp.models import User
from devidp.seed import SeedError
from devidp.store.controls import Controlled
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.runtime import Runtime

MINTED_SECONDS = 10 * 365 * 86400
"""How much longer than others a minted token can be asked to live before its revocation is forgotten."""


class Users(Mapping[str, "UserControl"]):
    """The users by name. ``issuer`` names one issuer; without it every issuer is meant that has the user."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def __getitem__(self, username: str) -> UserControl:
        known = self._names()
        if username not in known:
            raise NoSuchUser(username, known)
        return UserControl(self._runtime, username)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        return list(dict.fromkeys(name for each in issuers.every(self._runtime) for name in each.settings.users))

    def add(self, username: str, *, issuer: str | None = None, **entry: Any) -> UserControl:
        """A new user with the keys that one has in the seed: ``password``, ``claims``, ``scopes``, ``sub``, …"""
        meant = issuers.meant(self._runtime, issuer)
        if any(username in each.settings.users for each in meant):
            raise ControlError(f"there is a user {username!r} already; change it, or choose another name")
        try:
            added = {each.name: accounts.new_user(username, entry, each.seed, each.settings) for each in meant}
        except SeedError as error:
            raise ControlError(str(error)) from None
        put(self._runtime, username, added)
        return UserControl(self._runtime, username)


class NoSuchUser(UnknownName, KeyError):
    """Nobody has this name; a ``KeyError`` too, because users are a mapping."""

    def __init__(self, username: str, known: list[str]) -> None:
        super().__init__("user", username, known)

    def __str__(self) -> str:
        return Exception.__str__(self)


@dataclass(frozen=True, slots=True)
class UserControl:
    """One user, at every issuer that has one of this name."""

    _runtime: Runtime
    username: str

    @property
    def record(self) -> User:
        """The user as the first issuer that has one of this name sees it at this moment."""
        return self._issuers(None)[0].settings.users[self.username]

    def change(self, *, issuer: str | None = None, **changes: Any) -> None:
        """Change some keys of the user, named as in the seed; what was not given stays."""
        try:
            changed = {
                each.name: accounts.changed_user(each.settings.users[self.username], changes, each.seed, each.settings)
                for each in self._issuers(issuer)
            }
        except SeedError as error:
            raise ControlError(str(error)) from None
        put(self._runtime, self.username, changed)

    def disable(self, *, issuer: str | None = None) -> None:
        """No login, no refresh, and the user's tokens are inactive."""
        self.change(issuer=issuer, disabled=True)

    def enable(self, *, issuer: str | None = None) -> None:
        self.change(issuer=issuer, disabled=False)

    def delete(self, *, issuer: str | None = None) -> None:
        put(self._runtime, self.username, dict.fromkeys(each.name for each in self._issuers(issuer)))

    def revoke(self, *, issuer: str | None = None) -> int:
        """End every session, and revoke every token of the user; the number of authorizations among them."""
        revoked = 0
        for each in self._issuers(issuer):
            keep_until = each.clock.seconds() + each.longest_lifetime
            grants = each.store.grants_of(self.username)
            each.store.revoke(each.mark_of_minted(each.settings.users[self.username]), keep_until + MINTED_SECONDS)
            for grant_id in grants:
                each.store.revoke(grant_id, keep_until)
            for sid in each.store.sids_of(self.username):
                logout.end(each, self.username, sid)
            each.store.remove_sessions(self.username)
            revoked += len(grants)
        return revoked

    def _issuers(self, name: str | None) -> list[Issuer]:
        having = [each for each in issuers.meant(self._runtime, name) if self.username in each.settings.users]
        if not having:
            raise NoSuchUser(self.username, list(Users(self._runtime)))
        return having


def put(runtime: Runtime, username: str, by_issuer: Mapping[str, User | None]) -> None:
    """Have these users in place of what the issuers had under ``username``; ``None`` deletes."""
    kept = {issuer: user and runtime.kept(user) for issuer, user in by_issuer.items()}

    def with_users(controlled: Controlled) -> Controlled:
        users = dict(controlled.users)
        for issuer, user in kept.items():
            users[issuer] = {**users.get(issuer, {}), username: user}
        return replace(controlled, users=users)

    runtime.control(with_users)

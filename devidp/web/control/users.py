"""Users: changed while devidp runs, and what they have got and agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from devidp.issuer import entries, logout, totp
from devidp.issuer.issuer import Issuer
from devidp.models import User
from devidp.oauth.identifiers import composed
from devidp.web.control.errors import ControlError
from devidp.web.control.overrides import RecordControl, Records
from devidp.web.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Authenticator:
    """The authenticator of a user: ``secret`` is in Base32, ``uri`` is for a QR code."""

    code: str
    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class UserConsent:
    """What a user has agreed to; ``granted_at`` is in seconds since the epoch."""

    issuer: str
    client: str
    scopes: tuple[str, ...]
    granted_at: int


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

    def consents(self, *, issuer: str | None = None) -> list[UserConsent]:
        """What the user has agreed to, and is not asked again; each issuer has its own."""
        return [
            UserConsent(at.name, each.client_id, each.scopes, each.granted_at)
            for at in self.find(issuer)
            for each in at.store.consents.of(self._name)
        ]

    def forget_consents(self, *, client: str | None = None, issuer: str | None = None) -> int:
        """Have the user asked again, by ``client`` or by all of them; how many consents there were."""
        return sum(each.store.consents.forget(self._name, client) for each in self.find(issuer))

    def delete(self, *, issuer: str | None = None) -> None:
        """End all that the user has, and forget it: another user of this name begins with nothing."""
        found = self.find(issuer)
        if any(record.unlisted for record in found.values()):
            raise ControlError(f"user {self._name!r} would be there again with the next login; disable it, or revoke()")
        super().delete(issuer=issuer)
        for each in found:
            self._end_all(each)
            each.store.consents.forget(self._name)

    def _end_all(self, issuer: Issuer) -> int:
        # first: the end of a session ends some of them, and does not say how many
        ended = issuer.store.grants.end_all_of(self._name)
        for sid in issuer.store.sessions.sids_of(self._name):
            logout.end(issuer, self._name, sid)
        issuer.store.sessions.remove_all_of(self._name)
        return ended


class Users(Records[UserControl]):
    """The users by name."""

    _control = UserControl

    def add(self, /, username: str, *, issuer: str | None = None, **entry: Any) -> UserControl:
        """A new user with any key that one has in the seed: ``password``, ``claims``, ``scopes``, ``sub``, …"""
        return UserControl(self._runtime, username).add(issuer, entry)

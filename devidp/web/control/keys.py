"""The signing keys of an issuer, changed while devidp runs."""

from __future__ import annotations

from dataclasses import dataclass

from devidp.keys import KeyProblem, KeyRing, SigningKey, State
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.runtime import Runtime


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What may be said of a key. ``published`` tells whether it is in the JWK Set."""

    kid: str
    algorithm: str
    state: State
    published: bool
    created_at: int | None
    """In seconds since the epoch; ``None``: nobody knows, as of a key of the seed."""


class KeyControl:
    """Changes the keys of ``issuer``, a name or URL; of the first one without it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def list(self, issuer: str | None = None) -> tuple[KeyInfo, ...]:
        """Every key, the newest first."""
        return tuple(_info(key) for key in self._ring(issuer).all_keys())

    def active(self, issuer: str | None = None) -> KeyInfo:
        return _info(self._ring(issuer).active)

    def rotate(self, issuer: str | None = None, *, overlap: bool = True, publish: bool = True) -> KeyInfo:
        """Sign with a new key. Without ``overlap`` the old one leaves the JWK Set at once; without ``publish`` the new
        one is not in it before ``publish(kid)``."""
        try:
            return _info(self._ring(issuer).rotate(overlap=overlap, publish=publish))
        except KeyProblem as error:
            raise ControlError(f"the key cannot be rotated: {error}") from None

    def activate(self, kid: str, issuer: str | None = None) -> None:
        """Sign with a key that is there, as when a rotation is taken back; the one that signed stays published."""
        ring = self._ring(issuer, kid)
        try:
            ring.activate(kid)
        except KeyProblem as error:
            raise ControlError(f"the key cannot be activated: {error}") from None

    def delete(self, kid: str, issuer: str | None = None) -> None:
        """Forget a key that does not sign; a retired one stays in the list."""
        ring = self._ring(issuer, kid)
        try:
            ring.delete(kid)
        except KeyProblem as error:
            raise ControlError(f"the key cannot be deleted: {error}") from None

    def retire(self, kid: str, issuer: str | None = None) -> None:
        """Take a key that does not sign out of the JWK Set, and trust it no more."""
        ring = self._ring(issuer, kid)
        if ring.active.kid == kid:
            raise ControlError(f"the key {kid} signs; rotate first, or rotate without overlap, which retires it")
        ring.change(kid, state="retired")

    def hide(self, kid: str, issuer: str | None = None) -> None:
        """Leave a key out of the JWK Set, although it may sign."""
        self._ring(issuer, kid).change(kid, hidden=True)

    def publish(self, kid: str, issuer: str | None = None) -> None:
        """Put a key that was hidden or retired into the JWK Set."""
        ring = self._ring(issuer, kid)
        state: State = "active" if ring.active.kid == kid else "published"
        ring.change(kid, state=state, hidden=False)

    def renew(self, issuer: str | None = None) -> None:
        """Begin anew with one new key, or with the one of the seed."""
        for each in issuers.matching(self._runtime, issuer):
            each.keys.renew()

    def show_all(self) -> None:
        """Publish what was hidden, at every issuer."""
        for each in self._runtime.issuers:
            for key in each.keys.all_keys():
                if key.hidden:
                    each.keys.change(key.kid, hidden=False)

    def _ring(self, issuer: str | None, kid: str | None = None) -> KeyRing:
        ring = issuers.named(self._runtime, issuer).keys
        kids = [] if kid is None else [key.kid for key in ring.all_keys()]
        if kid is not None and kid not in kids:
            raise UnknownName("key", kid, kids)
        return ring


def _info(key: SigningKey) -> KeyInfo:
    return KeyInfo(key.kid, key.algorithm, key.state, key.state != "retired" and not key.hidden, key.created_at)

"""The key rings of the issuers: they stay when the seed changes, unless it asks for other keys."""

from __future__ import annotations

from collections.abc import Callable
from pkgutil import resolve_name

from devidp.keys import KeyProblem, KeyRing
from devidp.models import IssuerSettings
from devidp.oauth import names
from devidp.store import StoreError
from devidp.store.signing_keys import SigningKeys
from devidp.web.installation import Installation
from devidp.web.servable import StartError


class KeyRings:
    """By the name of the issuer."""

    def __init__(self, kept: Installation, now: Callable[[], int]) -> None:
        self._kept = kept
        self._now = now
        self._rings: dict[str, tuple[object, KeyRing]] = {}

    def __getitem__(self, issuer: str) -> KeyRing:
        return self._rings[issuer][1]

    def of(self, settings: IssuerSettings) -> KeyRing:
        """The ring that ``settings`` ask for; raises StartError."""
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
        sealed = self._kept.sealed("signing keys")
        stored = SigningKeys(self._kept.database, self._kept.generation, settings.name, sealed, self._now)
        ring = KeyRing(settings.signing_algorithm, stored, imported, key_size=settings.key_size, x5c=x5c)
        try:
            ring.check()
        except StoreError as error:
            raise StartError(f"The keys of issuer {settings.name} cannot be used: {error}") from error
        self._rings[settings.name] = wanted, ring
        return ring

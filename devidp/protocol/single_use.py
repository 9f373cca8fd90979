"""What counts once: ids of assertions and proofs, noted while a request is verified, and used up together at its end.

So a request that is refused, or that waits in vain for another server, can be sent again as it was.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from devidp.issuer.issuer import Issuer
from devidp.oauth.errors import OAuthError


@dataclass(frozen=True, slots=True)
class SingleUse:
    """The id of something signed. ``refusal`` answers its second use; ``keep_until`` is when it expires by itself."""

    identifier: str
    keep_until: int
    refusal: OAuthError

    def check(self, issuer: Issuer) -> None:
        """Raise where it came before: what a stranger repeats must not have effects on its way to the end."""
        if issuer.store.once.is_claimed(self.identifier):
            raise self.refusal


def use_up(issuer: Issuer, ids: Collection[SingleUse]) -> None:
    """Let none of ``ids`` count again; raises the refusal of one that came before, and then uses up none."""
    if not ids:
        return
    with issuer.store.at_once():
        for each in ids:
            if not issuer.store.once.claim(each.identifier, each.keep_until):
                raise each.refusal

"""Ids of assertions and proofs: collected while a request is verified, and used up together at its end.

So a request that is refused, or that waits in vain for another server, can be repeated unchanged.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from devidp.issuer.issuer import Issuer
from devidp.oauth.errors import OAuthError


@dataclass(frozen=True, slots=True)
class SingleUse:
    """The id of a signed message that is valid until ``keep_until``. ``refusal`` answers its second use."""

    identifier: str
    keep_until: int
    refusal: OAuthError

    def check(self, issuer: Issuer) -> None:
        """Raise where it was used before: a replay must have no effect on its way to ``use_up``."""
        if issuer.store.replay_cache.is_claimed(self.identifier):
            raise self.refusal


def use_up(issuer: Issuer, ids: Collection[SingleUse]) -> None:
    """Use up all of ``ids``; where one was used before, raises its refusal and uses up none."""
    if not ids:
        return
    with issuer.store.at_once():
        for each in ids:
            if not issuer.store.replay_cache.claim(each.identifier, each.keep_until):
                raise each.refusal

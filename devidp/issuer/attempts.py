"""How often one address may be wrong: with logins, second factors, and user codes (RFC 8628 section 5.1).

The limit is a switch of the seed, ``failed_logins``: for each address, by the clock of devidp, over all its workers.
"""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Literal

from devidp.issuer.issuer import Issuer
from devidp.oauth.errors import TooManyFailedLogins

NETWORK_BITS = 64
"""What one household or machine has of IPv6 (RFC 6177): it counts as one address."""
Kind = Literal["logins", "second factors", "user codes"]
"""What is counted, each apart."""
_FAILED: dict[Kind, str] = {
    "logins": "logins from this address have failed",
    "second factors": "second factors from this address were wrong",
    "user codes": "user codes from this address were wrong",
}


class Attempts:
    """The attempts of one address at one issuer."""

    def __init__(self, issuer: Issuer, address: str, kind: Kind) -> None:
        self._issuer = issuer
        self._kind = kind
        self._counted = f"{kind} {_network(address)}"

    def check(self) -> None:
        """Raise TooManyFailedLogins where too many have failed."""
        limit, within = self._issuer.settings.failed_logins, self._issuer.settings.failed_logins_within
        if limit is None:
            return
        now = self._issuer.clock.seconds()
        until = self._issuer.store.failed_logins.blocked_until(self._counted, limit, now, within)
        if until is not None:
            raise TooManyFailedLogins(
                f"{limit} {_FAILED[self._kind]}, which is the limit of {self._issuer.url}",
                remedy=f"Wait {until - now} s, advance the clock of devidp, or raise 'failed_logins' of the issuer in "
                "the seed",
                headers={"Retry-After": str(until - now)},
            )

    def fail(self) -> None:
        """Count one that has failed; raises TooManyFailedLogins where others have reached the limit meanwhile."""
        limit, within = self._issuer.settings.failed_logins, self._issuer.settings.failed_logins_within
        now = self._issuer.clock.seconds()
        if limit is not None and not self._issuer.store.failed_logins.add(self._counted, limit, now, within):
            self.check()


def _network(address: str) -> str:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Network((int(found), NETWORK_BITS), strict=False))
    return str(found)

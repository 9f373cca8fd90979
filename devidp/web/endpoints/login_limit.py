"""How often logins from one address may fail: a switch of the seed, by the clock of devidp, over all its workers."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

from devidp.issuer.issuer import Issuer
from devidp.oauth.errors import TooManyFailedLogins

NETWORK_BITS = 64
"""What one household or machine has of IPv6 (RFC 6177): it counts as one address."""


def check(issuer: Issuer, address: str) -> None:
    """Raises TooManyFailedLogins, before a password is looked at."""
    limit, within = issuer.settings.failed_logins, issuer.settings.failed_logins_within
    if limit is None:
        return
    now = issuer.clock.seconds()
    until = issuer.store.failed_logins.blocked_until(_counted(address), limit, now, within)
    if until is not None:
        raise _refused(issuer, limit, until - now)


def count(issuer: Issuer, address: str, *, failed: bool) -> None:
    """Raises TooManyFailedLogins for an answer that comes too late: others have failed at the same time."""
    limit, within = issuer.settings.failed_logins, issuer.settings.failed_logins_within
    if limit is not None and failed:
        now = issuer.clock.seconds()
        if issuer.store.failed_logins.add(_counted(address), limit, now, within):
            return
    check(issuer, address)


def _counted(address: str) -> str:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Network((int(found), NETWORK_BITS), strict=False))
    return str(found)


def _refused(issuer: Issuer, limit: int, seconds: int) -> TooManyFailedLogins:
    return TooManyFailedLogins(
        f"{limit} logins from this address have failed, which is the limit of {issuer.url}",
        remedy=f"Wait {seconds} s, advance the clock of devidp, or raise 'failed_logins' of the issuer in the seed",
        headers={"Retry-After": str(seconds)},
    )

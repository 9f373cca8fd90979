"""Who posts a login form, by a click on a user or by a password, and how often that may fail.

The limit is a switch of the seed: for each address, by the clock of devidp, over all its workers.
"""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

from devidp.issuer.issuer import Issuer
from devidp.models import User
from devidp.oauth.errors import TooManyFailedLogins
from devidp.oauth.parameters import Parameters
from devidp.system import passwords

NETWORK_BITS = 64
"""What one household or machine has of IPv6 (RFC 6177): it counts as one address."""


def methods(form: Parameters) -> tuple[str, ...]:
    """How a user logs in here, in the words of RFC 8176: by being there, or by a password."""
    return ("user",) if "login_as" in form else ("pwd",)


def authenticate(issuer: Issuer, form: Parameters, address: str) -> tuple[User | None, str]:
    """The user, or why nobody is logged in; raises TooManyFailedLogins where ``address`` has failed too often."""
    address = _network(address)
    _check_limit(issuer, address)
    user, problem = _find(issuer, form)
    limit, within, now = issuer.settings.failed_logins, issuer.settings.failed_logins_within, issuer.clock.seconds()
    if user is None and limit is not None and issuer.store.failed_logins.add(address, limit, now, within):
        return None, problem
    _check_limit(issuer, address)  # others have failed at the same time
    return user, problem


def _find(issuer: Issuer, form: Parameters) -> tuple[User | None, str]:
    """The reasons are frank: this is a tool for developers."""
    clicked = form.get("login_as")
    username = clicked or form.get("username")
    if username is None:
        return None, "Type a user name, or click on a user."
    user = issuer.user(username)
    if user is None:
        return None, f"There is no user {username}. Choose one below, or add it under users in the seed."
    if user.disabled:
        return None, f"User {username} is disabled in the seed."
    if clicked is None:
        if not user.has_password:
            return None, f"User {username} has no password in the seed. Use the button below, or give the user one."
        if not passwords.matches(user, form.get("password", "")):
            return None, f"That is not the password of {username} in the seed."
    return user, ""


def _check_limit(issuer: Issuer, address: str) -> None:
    limit, within = issuer.settings.failed_logins, issuer.settings.failed_logins_within
    if limit is None:
        return
    now = issuer.clock.seconds()
    until = issuer.store.failed_logins.blocked_until(address, limit, now, within)
    if until is not None:
        raise TooManyFailedLogins(
            f"{limit} logins from this address have failed, which is the limit of {issuer.url}",
            remedy=f"Wait {until - now} s, advance the clock of devidp, or raise 'failed_logins' of the issuer in the "
            "seed",
            headers={"Retry-After": str(until - now)},
        )


def _network(address: str) -> str:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Network((int(found), NETWORK_BITS), strict=False))
    return str(found)

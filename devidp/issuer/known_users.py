"""Who a person says to be: the user, or why it is nobody. The reasons are frank: this is a tool for developers."""

from __future__ import annotations

from devidp.issuer.issuer import Issuer
from devidp.models import User
from devidp.system import passwords


def by_name(issuer: Issuer, username: str) -> tuple[User | None, str]:
    """The user who may log in under that name, or why nobody may."""
    user = issuer.user(username)
    if user is None:
        return None, f"There is no user {username}. Choose one below, or add it under users in the seed."
    if user.disabled:
        return None, f"User {username} is disabled in the seed."
    return user, ""


def by_password(issuer: Issuer, username: str, password: str) -> tuple[User | None, str]:
    """The user whose password it is, or why it is nobody's."""
    user, problem = by_name(issuer, username)
    if user is None:
        return None, problem
    if not user.has_password:
        return None, f"User {username} has no password in the seed. Use the button below, or give the user one."
    if not passwords.matches(user, password):
        return None, f"That is not the password of {username} in the seed."
    return user, ""

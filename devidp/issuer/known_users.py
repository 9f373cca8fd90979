"""Who a person says to be: the user, or why it is nobody. The reasons are frank: this is a tool for developers."""

from __future__ import annotations

from devidp.issuer.issuer import Issuer
from devidp.models import User
from devidp.oauth.identifiers import comparable
from devidp.system import passwords


def find(issuer: Issuer, typed: str) -> User | None:
    """Who goes by what a person types: a user name, or an e-mail address that one user alone has."""
    user = issuer.user(typed.strip())
    if "@" not in typed or (user is not None and not user.unlisted):
        return user
    wanted = comparable(typed)
    found = [user for user in issuer.settings.users.values() if comparable(str(user.claims.get("email"))) == wanted]
    return found[0] if len(found) == 1 else user


def by_name(issuer: Issuer, typed: str) -> tuple[User | None, str]:
    """The user who may log in under that name, or why nobody may."""
    user = find(issuer, typed)
    if user is None:
        return None, f"There is no user {typed}. Choose one below, or add it under users in the seed."
    if user.disabled:
        return None, f"User {user.username} is disabled in the seed."
    return user, ""


def by_password(issuer: Issuer, typed: str, password: str) -> tuple[User | None, str]:
    """The user whose password it is, or why it is nobody's."""
    user, problem = by_name(issuer, typed)
    if user is None:
        return None, problem
    if user.unlisted:
        return user, ""
    if not user.has_password:
        return None, f"User {user.username} has no password in the seed. Use the button below, or give the user one."
    if not passwords.matches(user, password):
        return None, f"That is not the password of {user.username} in the seed."
    return user, ""

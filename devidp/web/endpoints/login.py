"""Who posts a login form: by a click on a user, or by a password."""

from __future__ import annotations

from devidp.issuer import known_users
from devidp.issuer.attempts import Attempts
from devidp.issuer.issuer import Issuer
from devidp.models import User
from devidp.oauth.parameters import Parameters


def methods(form: Parameters) -> tuple[str, ...]:
    """How a user logs in here, in the words of RFC 8176: by being there, or by a password."""
    return ("user",) if "login_as" in form else ("pwd",)


def authenticate(issuer: Issuer, form: Parameters, address: str) -> tuple[User | None, str]:
    """The user, or why nobody is logged in; raises TooManyFailedLogins where ``address`` has failed too often."""
    attempts = Attempts(issuer, address, "logins")
    attempts.check()
    user, problem = _find(issuer, form)
    if user is None:
        attempts.fail()
    else:
        attempts.check()  # others have failed at the same time
    return user, problem


def _find(issuer: Issuer, form: Parameters) -> tuple[User | None, str]:
    clicked, username = form.get("login_as"), form.get("username")
    if clicked is not None:
        return known_users.by_name(issuer, clicked)
    if username is not None:
        return known_users.by_password(issuer, username, form.get("password", ""))
    return None, "Type a user name, or click on a user."

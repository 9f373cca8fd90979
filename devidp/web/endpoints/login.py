"""Who posts a login form: by a click on a user, or by a password."""

from __future__ import annotations

from devidp.issuer.issuer import Issuer
from devidp.models import User
from devidp.oauth.parameters import Parameters
from devidp.system import passwords
from devidp.web.endpoints.attempts import Attempts


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

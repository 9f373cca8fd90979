"""The posted login form: by one click on a user, or by user name and password."""

from __future__ import annotations

from devidp.issuer.issuer import Issuer
from devidp.models import User
from devidp.oauth.parameters import Parameters
from devidp.protocol import Server
from devidp.system import passwords
from devidp.web.context import Context
from devidp.web.endpoints import login_limit
from devidp.web.endpoints.browser import Browser
from devidp.web.endpoints.interaction import Interaction
from devidp.web.response import Response

PASSWORD, CLICK = ("pwd",), ("user",)
"""How a user logs in here, in the words of RFC 8176: by a password, or by being there."""


def login(server: Server, context: Context) -> Response:
    form = context.request.form_parameters()
    browser = Browser(server.issuer, context)
    interaction = Interaction(server, context, browser, browser.open(form))
    user, problem = authenticate(server.issuer, form, context.request.remote_addr or "")
    if user is not None and not interaction.request.login.accepts(user):
        problem = f"The application expects another user than {user.username}."
        user = None
    if user is None:
        page = interaction.login_page(problem, form.get("username", ""))
        context.facts.outcome = f"login refused: {problem}"
        return page
    return interaction.agree(*browser.log_in(user, CLICK if "login_as" in form else PASSWORD))


def authenticate(issuer: Issuer, form: Parameters, address: str) -> tuple[User | None, str]:
    """The user, or why nobody is logged in; raises TooManyFailedLogins where ``address`` has failed too often."""
    login_limit.check(issuer, address)
    user, problem = _found(issuer, form)
    login_limit.count(issuer, address, failed=user is None)
    return user, problem


def _found(issuer: Issuer, form: Parameters) -> tuple[User | None, str]:
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

"""The second factor of a login: a code of the user's authenticator, or an answer on the user's other device.

Both are simulated: the page shows the code, and the question is answered on the dashboard or by the control API.
"""

from __future__ import annotations

from devidp.issuer import totp
from devidp.issuer.attempts import Attempts
from devidp.issuer.issuer import Issuer
from devidp.models import Client, Push, User
from devidp.oauth.errors import AccessDenied
from devidp.oauth.parameters import Parameters
from devidp.web import pages
from devidp.web.pages import Developer

PUSH_LIFETIME = 600
"""Seconds in which a question on another device can be answered."""


def page(
    issuer: Issuer,
    user: User,
    client: Client,
    *,
    action: str,
    transaction: str,
    flow: str,
    developer: Developer,
    problem: str,
) -> str:
    """The page that asks for the second factor of ``user``, to whose device a push is sent unless one was before."""
    now = issuer.clock.seconds()
    if user.mfa == "push" and not problem:
        issuer.store.pushes.send(Push(flow, user.username, client.client_id, now), now + PUSH_LIFETIME)
    shown = totp.code(user, now), totp.secret(user), totp.uri(user, issuer.url)
    return pages.second_factor(
        issuer=issuer.url,
        action=action,
        transaction=transaction,
        client=client,
        user=user,
        authenticator=shown if user.mfa == "totp" else None,
        answers=f"{issuer.addresses.home}_devidp/controls/pushes",
        developer=developer,
        problem=problem,
    )


def check(issuer: Issuer, user: User, form: Parameters, flow: str, address: str) -> str:
    """Why the factor is not proven yet; empty where it is.

    Raises AccessDenied where the user gives up or denies, TooManyFailedLogins where ``address`` has failed too often.
    """
    if "give_up" in form:
        raise _denied("The user gave up at the second factor")
    if user.mfa == "push":
        answer = issuer.store.pushes.take(flow, user.username)
        if answer == "deny":
            raise _denied(f"{user.username} denied it on the other device")
        return "" if answer else "The question on the other device is not answered yet."
    attempts = Attempts(issuer, address, "second factors")
    attempts.check()
    if totp.accepts(user, form.get("shown_code") or form.get("code", ""), issuer.clock.now()):
        return ""
    attempts.fail()
    return f"That is not the code that the authenticator of {user.username} shows."


def _denied(reason: str) -> AccessDenied:
    return AccessDenied(reason, remedy="Ask again, and let the user confirm the login")

"""The end session endpoint (OpenID Connect RP-Initiated Logout), and the page that asks first."""

from __future__ import annotations

from devidp.clients.client_metadata.localized import in_language
from devidp.issuer.issuer import Issuer
from devidp.messages import Reply
from devidp.models import Client, User
from devidp.oauth.errors import InvalidRequest, quoted
from devidp.protocol import Server
from devidp.web import pages
from devidp.web.endpoints import logout_request
from devidp.web.endpoints.browser import Browser
from devidp.web.endpoints.exchange import Exchange, page_reply, redirect_reply
from devidp.web.endpoints.logout_request import LogoutRequest
from devidp.web.endpoints.table import ENDPOINTS

SECONDS_FOR_FRAMES = 3
"""How long the pages of clients may take before the browser goes on."""


def logout(server: Server, exchange: Exchange) -> Reply:
    """Whoever shows an ID token of the session ends it at once; otherwise the user is asked."""
    issuer, browser = server.issuer, Browser(server.issuer, exchange)
    posted = exchange.request.method == "POST"
    asked = exchange.form() if posted else exchange.query()
    request = logout_request.check(issuer, asked)
    exchange.facts.client = request.client.client_id if request.client else ""
    session = browser.session()
    if session is None:
        if posted:
            # a browser keeps the cookie from what other sites post, but not from the GET that follows
            return redirect_reply(f"{issuer.url}{ENDPOINTS['logout'].path}?{asked.encode()}")
        exchange.facts.outcome = "nobody was logged in"
        return _farewell(issuer, browser, request, (), proven=request.hint is not None)
    exchange.facts.user = session[0].username
    if issuer.settings.confirm_logout == "always" or not request.proves(issuer, *session):
        exchange.facts.outcome = "logout page"
        return _question(issuer, browser, request, session[0])
    exchange.facts.outcome = "logged out"
    return _farewell(issuer, browser, request, browser.log_out(), proven=True)


def confirm(server: Server, exchange: Exchange) -> Reply:
    """The posted question: log out, or stay."""
    issuer, browser = server.issuer, Browser(server.issuer, exchange)
    form = exchange.form()
    request = logout_request.check(issuer, browser.open_logout(form))
    exchange.facts.client = request.client.client_id if request.client else ""
    if (session := browser.session()) is not None:
        exchange.facts.user = session[0].username
    decision = form.required("decision", "the logout form")
    if decision == "stay":
        exchange.facts.outcome = "stayed logged in"
        page = pages.signed_out(issuer=issuer.url, client=_shown(request), target=None, frames=(), stayed=True)
        return browser.keep(page_reply(page))
    if decision != "logout":
        raise InvalidRequest(f"decision is {quoted(decision)}", remedy="Post logout or stay")
    exchange.facts.outcome = "logged out"
    return _farewell(issuer, browser, request, browser.log_out(), proven=True)


def _question(issuer: Issuer, browser: Browser, request: LogoutRequest, user: User) -> Reply:
    page = pages.confirm_logout(
        issuer=issuer.url,
        action=f"{issuer.path}{ENDPOINTS['logout-confirm'].path}",
        transaction=browser.seal_logout(request.parameters),
        client=_shown(request),
        target=request.target,
        user=user,
    )
    return browser.keep(page_reply(page))


def _farewell(
    issuer: Issuer, browser: Browser, request: LogoutRequest, frames: tuple[str, ...], *, proven: bool
) -> Reply:
    """Back to the client, at once or after the frames have loaded; a page where there is nowhere to go."""
    if request.target is not None and proven and not frames:
        return browser.keep(redirect_reply(request.target))
    page = pages.signed_out(
        issuer=issuer.url, client=_shown(request), target=request.target, frames=frames, stayed=False
    )
    response = browser.keep(page_reply(page, frames=frames))
    if request.target is not None and proven:
        response.headers["Refresh"] = f"{SECONDS_FOR_FRAMES}; url={request.target}"
    return response


def _shown(request: LogoutRequest) -> Client | None:
    return request.client and in_language(request.client, request.parameters.get("ui_locales"))

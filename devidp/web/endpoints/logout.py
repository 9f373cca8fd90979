"""The end session endpoint (OpenID Connect RP-Initiated Logout), and the page that asks first."""

from __future__ import annotations

from dataclasses import replace

from devidp.clients.metadata.localized import in_language
from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth.errors import InvalidRequest, quoted
from devidp.protocol import Server
from devidp.web import pages
from devidp.web.context import Context
from devidp.web.endpoints import developer, logout_request, trial
from devidp.web.endpoints.browser import Browser
from devidp.web.endpoints.logout_by_token import logout_by_token
from devidp.web.endpoints.logout_request import LogoutRequest
from devidp.web.response import Response, page_response, redirect_response

FRAME_SECONDS = 3
"""How long the pages of clients may take before the browser goes on."""


def logout(server: Server, context: Context) -> Response:
    """A client that sends an ID token of the session ends it at once; otherwise the user is asked.

    One that posts its refresh token needs no browser.
    """
    issuer, browser = server.issuer, Browser(server.issuer, context)
    posted = context.request.method == "POST"
    asked = context.request.form_parameters() if posted else context.request.query_parameters()
    if posted and "refresh_token" in asked:
        return logout_by_token(server, context, asked)
    context.facts.parameters = asked = logout_request.with_standard_names(issuer, asked)
    request = logout_request.check(issuer, asked)
    context.facts.client = request.client.client_id if request.client else ""
    session = browser.session()
    if session is None:
        if posted:
            # a browser keeps the cookie from what other sites post, but not from the GET that follows
            return redirect_response(f"{issuer.addresses.of('logout')}?{asked.encode()}")
        context.facts.outcome = "nobody was logged in"
        proven = request.hint is not None or issuer.settings.confirm_logout == "never"
        return _farewell(issuer, browser, request, (), proven=proven)
    context.facts.user = session[0].username
    if request.is_asked_about(issuer, *session):
        context.facts.outcome = "logout page"
        page = pages.confirm_logout(
            issuer=issuer.url,
            action=issuer.page("logout-confirm"),
            transaction=browser.seal_logout(request.parameters),
            client=_client(request),
            target=request.target,
            user=session[0],
            developer=developer.of_logout(issuer, request),
        )
        return browser.keep(page_response(page))
    context.facts.outcome = "logged out"
    return _farewell(issuer, browser, request, browser.log_out(), proven=True)


def confirm(server: Server, context: Context) -> Response:
    issuer, browser = server.issuer, Browser(server.issuer, context)
    form = context.request.form_parameters()
    request = logout_request.check(issuer, browser.open_logout(form))
    context.facts.client = request.client.client_id if request.client else ""
    if (session := browser.session()) is not None:
        context.facts.user = session[0].username
    tried = trial.find(form.get(trial.FIELD, ""), developer.of_logout(issuer, request).failures)
    decision = "logout" if tried else form.required("decision", "the logout form")
    if decision == "stay":
        context.facts.outcome = "stayed logged in"
        page = pages.signed_out(issuer=issuer.url, client=_client(request), target=None, frames=(), stayed=True)
        return browser.keep(page_response(page))
    if decision != "logout":
        raise InvalidRequest(f"decision: got {quoted(decision)}, expected logout or stay")
    context.facts.outcome = "logged out"
    if tried:
        context.facts.outcome += f", failure {tried.name} as a person asked for on the page"
        request = replace(request, target=trial.wrong_target(request.target or "", tried.name))
    return _farewell(issuer, browser, request, browser.log_out(), proven=True)


def _farewell(
    issuer: Issuer, browser: Browser, request: LogoutRequest, frames: tuple[str, ...], *, proven: bool
) -> Response:
    """Back to the client, at once or after the frames have loaded; a page where there is nowhere to go."""
    if request.target is not None and proven and not frames:
        return browser.keep(redirect_response(request.target))
    page = pages.signed_out(
        issuer=issuer.url, client=_client(request), target=request.target, frames=frames, stayed=False
    )
    response = browser.keep(page_response(page, frames=frames))
    if request.target is not None and proven:
        response.headers["Refresh"] = f"{FRAME_SECONDS}; url={request.target}"
    return response


def _client(request: LogoutRequest) -> Client | None:
    return request.client and in_language(request.client, request.parameters.get("ui_locales"))

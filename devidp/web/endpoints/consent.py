"""The posted consent form: allow what is ticked, deny, or log in as somebody else."""

from __future__ import annotations

from devidp.oauth.errors import InvalidRequest, quoted
from devidp.protocol import Server
from devidp.web.context import Context
from devidp.web.endpoints.browser import Browser
from devidp.web.endpoints.interaction import Interaction
from devidp.web.response import Response


def consent(server: Server, context: Context) -> Response:
    form = context.request.form_parameters()
    browser = Browser(server.issuer, context)
    interaction = Interaction(server, context, browser, browser.open(form))
    decision = form.required("decision", "the consent form")
    if decision == "deny":
        return interaction.deny()
    session = browser.session()
    if decision == "switch" or session is None or not interaction.logged_in_for_this(*session):
        return interaction.login_page()
    if decision != "allow":
        raise InvalidRequest(f"decision is {quoted(decision)}", remedy="Post allow, deny or switch")
    if not interaction.shown_to(session[0]):
        return interaction.login_page(f"You are logged in as {session[0].username} now. Choose who is to agree.")
    return interaction.answer(*session, form.all("scope"))

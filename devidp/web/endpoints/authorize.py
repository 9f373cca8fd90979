"""The authorization endpoint (OAuth 2.1 section 3.1), and the login and consent forms that its pages post."""

from __future__ import annotations

from devidp.oauth.errors import InvalidRequest, quoted
from devidp.oauth.parameters import Parameters
from devidp.protocol import Server
from devidp.web.context import Context
from devidp.web.endpoints import trial
from devidp.web.endpoints.browser import Browser, Transaction
from devidp.web.endpoints.interaction import Interaction
from devidp.web.endpoints.login import authenticate, methods
from devidp.web.response import Response


def authorize(server: Server, context: Context) -> Response:
    """GET changes nothing that matters: some clients fetch the address themselves before a browser opens it."""
    request = context.request
    parameters = request.form_parameters() if request.method == "POST" else request.query_parameters()
    transaction = Transaction(server.engine.resolve(parameters), server.issuer.clock.seconds())
    return Interaction(server, context, Browser(server.issuer, context), transaction).proceed()


def login(server: Server, context: Context) -> Response:
    form, browser, interaction = _posted(server, context)
    if trial.FIELD in form or "search" in form:
        return interaction.login_page(find=form.get("find", ""))
    user, problem = authenticate(server.issuer, form, context.request.remote_addr or "")
    if user is not None and not interaction.request.login.accepts(user):
        problem = f"The application expects another user than {user.username}."
        user = None
    if user is None:
        page = interaction.login_page(problem, form.get("username", ""))
        context.facts.outcome = f"login refused: {problem}"
        return page
    return interaction.agree(*browser.log_in(user, methods(form)))


def second_factor(server: Server, context: Context) -> Response:
    """Go on with a code, or when the question on the other device was answered."""
    form, browser, interaction = _posted(server, context)
    session = browser.session()
    if session is None or not interaction.accepts_login(*session):
        return interaction.login_page()
    if trial.FIELD in form:
        return interaction.agree(*session)
    return interaction.add_factor(*session, form, context.request.remote_addr or "")


def consent(server: Server, context: Context) -> Response:
    """Allow what is ticked, deny, or log in as somebody else; an answer that is to be wrong allows too."""
    form, browser, interaction = _posted(server, context)
    tried = form.get(trial.FIELD)
    decision = form.required("decision", "the consent form") if tried is None else "allow"
    if decision == "deny":
        return interaction.deny()
    session = browser.session()
    if decision == "switch" or session is None or not interaction.accepts_login(*session):
        return interaction.login_page()
    if decision != "allow":
        raise InvalidRequest(f"decision: got {quoted(decision)}, expected allow, deny or switch")
    if tried == trial.SOUND:
        return interaction.agree(*session)
    return interaction.answer(*session, form.all("scope"))


def _posted(server: Server, context: Context) -> tuple[Parameters, Browser, Interaction]:
    """The form of a page, and where its request goes on; raises RedirectedError where a person wants an error."""
    form, browser = context.request.form_parameters(), Browser(server.issuer, context)
    interaction = Interaction(server, context, browser, browser.open(form))
    if trial.FIELD in form:
        interaction.try_out(form[trial.FIELD])
    return form, browser, interaction

"""The pages on which a user agrees to what a device asks for (RFC 8628 section 3.3): the code, login, consent."""

from __future__ import annotations

from devidp.protocol import Server
from devidp.web.context import Context
from devidp.web.endpoints import trial
from devidp.web.endpoints.browser import Browser
from devidp.web.endpoints.device_pages import DevicePages
from devidp.web.endpoints.login import authenticate, methods
from devidp.web.response import Response


def device(server: Server, context: Context) -> Response:
    """The first page; a code in the address is shown, and is still the user's to confirm."""
    if context.request.method == "GET":
        typed = context.request.query_parameters().get("user_code", "")
        return DevicePages(server, context, typed).code_page()
    form = context.request.form_parameters()
    Browser(server.issuer, context).open(form, "device")
    return DevicePages(server, context, form.get("user_code", "")).proceed()


def device_login(server: Server, context: Context) -> Response:
    form = context.request.form_parameters()
    steps = DevicePages.of_form(server, context, form)
    if trial.FIELD in form:
        return steps.try_out(form[trial.FIELD])
    if "search" in form:
        return steps.login_page(find=form.get("find", ""))
    user, problem = authenticate(server.issuer, form, context.request.remote_addr or "")
    if user is None:
        return steps.login_page(problem, form.get("username", ""))
    return steps.agree(*steps.browser.log_in(user, methods(form)))


def device_second_factor(server: Server, context: Context) -> Response:
    form = context.request.form_parameters()
    steps = DevicePages.of_form(server, context, form)
    if trial.FIELD in form:
        return steps.try_out(form[trial.FIELD])
    return steps.add_factor(form, context.request.remote_addr or "")


def device_consent(server: Server, context: Context) -> Response:
    form = context.request.form_parameters()
    steps = DevicePages.of_form(server, context, form)
    if trial.FIELD in form:
        return steps.try_out(form[trial.FIELD])
    return steps.decide(form.required("decision", "the consent form"), form.all("scope"))

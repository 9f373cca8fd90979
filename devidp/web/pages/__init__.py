"""The server-rendered pages, and the headers that every one of them is served with.

Owns what people see: HTML, style, and how foreign text is made harmless to read. Does not own HTTP, sessions or
decisions: every function takes what it shows and returns a whole document as ``str``.
"""

from devidp.web.pages.developer import Developer, Trial
from devidp.web.pages.environment import HEADERS, STYLE, encodable, headers, jinja_environment, render
from devidp.web.pages.form_post import form_post
from devidp.web.pages.information import HomeIssuer, error, home, issuer
from devidp.web.pages.interaction import (
    ConsentScope,
    DeviceOutcome,
    Standing,
    confirm_logout,
    consent,
    device_done,
    login,
    second_factor,
    signed_out,
)
from devidp.web.pages.views import (
    Application,
    People,
    Person,
    application,
    people,
    person,
    to_device,
    to_redirect_uri,
    with_few_pictures,
)
from devidp.web.pages.web_message import web_message

__all__ = [
    "HEADERS",
    "STYLE",
    "Application",
    "ConsentScope",
    "Developer",
    "DeviceOutcome",
    "HomeIssuer",
    "People",
    "Person",
    "Standing",
    "Trial",
    "application",
    "confirm_logout",
    "consent",
    "device_done",
    "encodable",
    "error",
    "form_post",
    "headers",
    "home",
    "issuer",
    "jinja_environment",
    "login",
    "people",
    "person",
    "render",
    "second_factor",
    "signed_out",
    "to_device",
    "to_redirect_uri",
    "web_message",
    "with_few_pictures",
]

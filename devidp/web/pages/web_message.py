"""The page that hands an answer to the page which opened it, or shows it in a frame (draft-sakimura-oauth-wmrm-01)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from markupsafe import Markup

from devidp.web.pages.environment import HEADERS, content_security_policy, render
from devidp.web.pages.views import to_redirect_uri

SCRIPT: Final = (
    'const form = document.forms[0], type = "authorization_response"; '
    "const message = {type, response: Object.fromEntries(new FormData(form))}; "
    "(window.opener ?? window.parent).postMessage(message, new URL(form.action).origin)"
)
_HEADERS: Final = {name: value for name, value in HEADERS.items() if name != "X-Frame-Options"}
"""A frame of the application shows it, which the policy says of one origin, and that header cannot."""


def web_message(redirect_uri: str, fields: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """The document, and its headers: only a page at the origin of ``redirect_uri`` may frame it and gets the answer."""
    parts = urlsplit(redirect_uri)
    script = Markup(SCRIPT)  # noqa: S704 - a constant of ours
    html = render("web_message.html", destination=to_redirect_uri(redirect_uri), fields=fields, script=script)
    policy = content_security_policy(SCRIPT, f"{parts.scheme}://{parts.netloc}")
    return html, {**_HEADERS, "Content-Security-Policy": policy}

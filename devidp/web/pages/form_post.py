"""The page that posts an answer to the client by itself (OAuth 2.0 Form Post Response Mode)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from devidp.web.pages.environment import HEADERS, content_security_policy, render
from devidp.web.pages.views import to_redirect_uri

SCRIPT: Final = "document.forms[0].submit()"
_HEADERS: Final = {**HEADERS, "Content-Security-Policy": content_security_policy(SCRIPT)}


def form_post(redirect_uri: str, fields: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """The document, and its headers: the only page that may run a script, and only this one."""
    script = Markup(SCRIPT)  # noqa: S704 - a constant of ours
    return render("form_post.html", destination=to_redirect_uri(redirect_uri), fields=fields, script=script), _HEADERS

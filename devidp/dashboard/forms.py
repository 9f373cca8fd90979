"""Forms that only the pages of this dashboard can post."""

from __future__ import annotations

import hmac

import flask
from flask import session

from devidp.oauth.errors import AccessDenied
from devidp.oauth.identifiers import random_token
from devidp.web.pages.text import cut

FIELD = "form_token"
LONGEST = 600
"""Characters of a notice, which a cookie carries."""


def token() -> str:
    """The value of ``FIELD`` in a form of this browser; ``csrf()`` of the templates puts it there."""
    return str(session.setdefault(FIELD, random_token()))


def check() -> None:
    """Before every POST; raises AccessDenied for a form of another browser or another site."""
    if flask.request.method != "POST":
        return
    sent, kept = flask.request.form.get(FIELD, ""), session.get(FIELD, "")
    if not kept or not hmac.compare_digest(sent.encode(), kept.encode()):
        raise AccessDenied(
            "The form was made for another browser, or cookies are switched off",
            remedy="Open the page again, with cookies allowed, and press the button there",
            status=403,
        )


def notice(text: str) -> None:
    """Say ``text`` on the page that is shown next."""
    flask.flash(cut(text, LONGEST))

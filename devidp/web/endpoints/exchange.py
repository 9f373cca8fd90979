"""One request at an endpoint and what is learned of it, and the answers that browsers get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from devidp.messages import NO_STORE, Received, Reply
from devidp.oauth import parameters
from devidp.oauth.parameters import Parameters
from devidp.protocol import Answer, response_mode
from devidp.system.event_log import Facts
from devidp.web import pages


class Exchange:
    """The request, parsed on demand, and what is learned of it for the log."""

    def __init__(self, request: Received) -> None:
        self.request = request
        self.facts = Facts()

    @property
    def headers(self) -> Mapping[str, str]:
        return self.request.headers

    def query(self) -> Parameters:
        """The parameters of the query."""
        return parameters.decode(self.request.query, "query")

    def form(self) -> Parameters:
        """The parameters of the body; those of the query do not count (RFC 6749 section 3.2)."""
        return self.request.form()

    def json_object(self) -> dict[str, Any]:
        """The JSON object in the body; raises InvalidRequest for anything else."""
        return self.request.json_object()

    def bearer_token(self) -> str | None:
        """The token of an ``Authorization: Bearer`` header (RFC 6750 section 2.1)."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None


def page_reply(html: str, status: int = 200, frames: Iterable[str] = ()) -> Reply:
    """A page; ``frames`` are the addresses that it may load."""
    return Reply(status, dict(pages.headers(frames)), html.encode())


def answer_reply(answer: Answer) -> Reply:
    """What goes to the client by way of the browser, in the response mode of ``answer``."""
    if answer.mode != response_mode.FORM_POST:
        return redirect_reply(answer.location())
    html, headers = pages.form_post(answer.redirect_uri, answer.parameters)
    return Reply(200, dict(headers), html.encode())


def redirect_reply(location: str) -> Reply:
    """See Other: a browser that has just posted a password goes on with GET (RFC 9700 section 4.12)."""
    return Reply(303, {**NO_STORE, "Location": location, "Referrer-Policy": "no-referrer"})

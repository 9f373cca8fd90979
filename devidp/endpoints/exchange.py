"""One HTTP request as endpoints see it, and the answers that they can give."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Response
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request

from devidp.later import later
from devidp.oauth import parameters
from devidp.oauth.errors import InvalidRequest, quoted
from devidp.oauth.parameters import Parameters
from devidp.protocol import Answer, response_mode
from devidp.recorder import Facts

if TYPE_CHECKING:
    from devidp import pages
else:
    pages = later("devidp.pages")

FORM_TYPE = "application/x-www-form-urlencoded"
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class Exchange:
    """The request, parsed on demand, and what is learned of it for the log."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.facts = Facts()

    @property
    def headers(self) -> Headers:
        return self.request.headers

    def query(self) -> Parameters:
        """The parameters of the query."""
        return parameters.decode(self.request.query_string, "query")

    def form(self) -> Parameters:
        """The parameters of the body; those of the query do not count (RFC 6749 section 3.2)."""
        self._expect(FORM_TYPE)
        return parameters.decode(self.request.get_data(cache=False), "body")

    def json_object(self) -> dict[str, Any]:
        """The JSON object in the body; raises InvalidRequest for anything else."""
        self._expect("application/json")
        try:
            value = json.loads(
                self.request.get_data(cache=False).decode("utf-8"), object_pairs_hook=_without_duplicates
            )
        except RecursionError:
            raise InvalidRequest("The body is nested too deeply", remedy="Send a flat JSON object") from None
        except ValueError as error:
            raise InvalidRequest(f"The body is not JSON: {error}", remedy="Send a JSON object") from None
        if not isinstance(value, dict):
            raise InvalidRequest(f"The body is {quoted(type(value).__name__)}, expected a JSON object")
        return value

    def bearer_token(self) -> str | None:
        """The token of an ``Authorization: Bearer`` header (RFC 6750 section 2.1)."""
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None

    def _expect(self, content_type: str) -> None:
        if self.request.mimetype != content_type:
            raise InvalidRequest(
                f"The Content-Type is {quoted(self.request.content_type or '')}, expected {content_type}",
                remedy=f"Send the body as {content_type}",
                section="RFC 6749 appendix B" if content_type == FORM_TYPE else "RFC 7591 section 3.1",
            )


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        repeated = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"the member {quoted(repeated)} came more than once")
    return members


def json_response(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer that nobody may keep (RFC 6749 section 5.1)."""
    return Response(json.dumps(body), status, {**NO_STORE, **(headers or {})}, content_type="application/json")


def page_response(html: str, status: int = 200, frames: Iterable[str] = ()) -> Response:
    """A page; ``frames`` are the addresses that it may load."""
    return Response(html, status, pages.headers(frames))


def answer_response(answer: Answer) -> Response:
    """What goes to the client by way of the browser, in the response mode of ``answer``."""
    if answer.mode != response_mode.FORM_POST:
        return redirect_response(answer.location())
    html, headers = pages.form_post(answer.redirect_uri, answer.parameters)
    return Response(html, 200, dict(headers))


def redirect_response(location: str) -> Response:
    """See Other: a browser that has just posted a password goes on with GET (RFC 9700 section 4.12)."""
    return Response("", 303, {**NO_STORE, "Location": location, "Referrer-Policy": "no-referrer"})

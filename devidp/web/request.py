"""A request as endpoints read it: Flask's, bounded, with its parameters parsed strictly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import flask
from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import parse_cookie
from werkzeug.utils import cached_property
from werkzeug.wsgi import get_host

from devidp.oauth import ijson, parameters
from devidp.oauth.authorization_header import bearer
from devidp.oauth.errors import ContentTooLarge, InvalidRequest, quoted
from devidp.oauth.parameters import Parameters
from devidp.system.urls import is_at, normal_url

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MAX_BODY_BYTES = 256 * 1024
FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"
REGISTRATION = "RFC 7591 section 3.1"


class Request(flask.Request):
    """The request class of the application."""

    # Flask's own property reads the configuration of the current application, and bounds nothing outside a context
    max_content_length = MAX_BODY_BYTES

    parameters = Parameters()
    """Those that were read last, of the query or the body."""

    takes_json: bool | None = None
    """Whether the issuer takes the parameters of the body as JSON; ``None``: the endpoint takes none, at no issuer."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        # Werkzeug would have each hold the other, so that only the garbage collector ends a request with its body
        super().__init__(environ, populate_request=False)

    # Werkzeug's: functools' holds one lock for all requests until Python 3.12, and a body may take its time
    @cached_property
    def body(self) -> bytes:
        """The whole body; raises ContentTooLarge, and InvalidRequest where less came than was announced."""
        coding = self.headers.get("Transfer-Encoding", "chunked")
        if coding.lower() != "chunked":
            raise InvalidRequest(
                f"The Transfer-Encoding is {quoted(coding)}, expected chunked or none",
                remedy="Send the body as it is",
                section="RFC 9112 section 6.1",
            )
        announced = self.content_length or 0
        data = b"" if announced > MAX_BODY_BYTES else self._read()
        if max(len(data), announced) > MAX_BODY_BYTES:
            raise body_too_large()
        if len(data) < announced:
            raise InvalidRequest(
                f"The body has {len(data)} bytes, Content-Length announced {announced}",
                remedy="Send as many bytes as Content-Length says",
                section="RFC 9112 section 6.3",
            )
        return data

    def _read(self) -> bytes:
        """What comes, up to one byte more than is taken; of a body that breaks off, nothing."""
        try:
            # Werkzeug asks twice, in pieces of 64 KiB, also where the server says where the body ends
            if self.environ.get("wsgi.input_terminated"):
                # kept where Werkzeug keeps it: a view of Flask may read the form after this
                self._cached_data = bytes(self.environ["wsgi.input"].read(MAX_BODY_BYTES + 1))
                return self._cached_data
            return self.get_data()
        except (ClientDisconnected, OSError, ValueError):
            return b""

    @cached_property
    def cookies(self) -> Mapping[str, str]:  # type: ignore[override]
        """The first cookie of each name."""
        header = self.headers.get("Cookie", "")
        # ours are ASCII; Werkzeug's parser fails at bytes that are not UTF-8
        return parse_cookie(header if header.isascii() else header.encode("ascii", "replace").decode())

    @cached_property
    def host(self) -> str:
        """Host and port as they are called: Werkzeug has none for names with an underscore, which Compose gives."""
        return self.headers.get("Host") or get_host(self.environ)

    @property
    def called(self) -> str:
        """The URL of the host that is called, in its normal form; empty where the Host header makes none."""
        try:
            return normal_url(f"{self.scheme}://{self.headers.get('Host', '')}")
        except ValueError:
            return ""

    def base(self, public_url: str) -> str:
        """Where the caller finds devidp: behind a proxy that ends TLS, only ``public_url`` knows that it is https."""
        called = f"{self.scheme}://{self.host}{urlsplit(public_url).path}"
        return public_url if is_at(public_url, self.host) else called

    def query_parameters(self) -> Parameters:
        """The parameters of the query."""
        self.parameters = parameters.decode(self.query_string, "query")
        return self.parameters

    @property
    def has_parameters(self) -> bool:
        """Whether the body is of a type that ``form_parameters`` reads."""
        return self.mimetype == FORM_TYPE or bool(self.takes_json and self.mimetype == JSON_TYPE)

    def form_parameters(self) -> Parameters:
        """The parameters of the body; those of the query do not count (RFC 6749 section 3.2)."""
        section = "RFC 6749 appendix B"
        if self.takes_json and self.mimetype == JSON_TYPE:
            self.parameters = parameters.from_json(self.encodable_json_object(section), "body")
        else:
            refused = self.takes_json is False and self.mimetype == JSON_TYPE
            switch = ", or set 'json_requests: true' for the issuer in the seed" if refused else ""
            self._expect(FORM_TYPE, section, switch)
            self.parameters = parameters.decode(self.body, "body")
        return self.parameters

    def json_object(self, section: str = REGISTRATION) -> dict[str, Any]:
        """The JSON object in the body; raises InvalidRequest for anything else, ContentTooLarge."""
        self._expect(JSON_TYPE, section)
        try:
            value = ijson.without_duplicates(self.body.decode("utf-8"))
        except RecursionError:
            raise InvalidRequest("The body is nested too deeply", remedy="Send a flat JSON object") from None
        except ValueError as error:
            raise InvalidRequest(f"The body is not JSON: {error}", remedy="Send a JSON object") from None
        if not isinstance(value, dict):
            raise InvalidRequest(f"The body is {quoted(type(value).__name__)}, expected a JSON object")
        return value

    def encodable_json_object(self, section: str = REGISTRATION) -> dict[str, Any]:
        """The same, and a refusal of texts that cannot be written again: those with a lone surrogate."""
        members = self.json_object(section)
        try:
            ijson.check(members, self.body)
        except ValueError as error:
            raise InvalidRequest(f"The body holds a lone surrogate: {error}", remedy="Send whole characters") from None
        return members

    def bearer_token(self) -> str | None:
        """The token of an ``Authorization: Bearer`` header (RFC 6750 section 2.1)."""
        return bearer(self.headers.get("Authorization", ""))

    def _expect(self, content_type: str, section: str, switch: str = "") -> None:
        if self.mimetype != content_type:
            raise InvalidRequest(
                f"The Content-Type is {quoted(self.content_type or '')}, expected {content_type}",
                remedy=f"Send the body as {content_type}{switch}",
                section=section,
            )


def body_too_large() -> ContentTooLarge:
    return ContentTooLarge(f"The body has more than {MAX_BODY_BYTES} bytes", remedy="Send less")

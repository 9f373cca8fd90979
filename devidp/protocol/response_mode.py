"""The one place that chooses how an answer goes back to the client, be it a code, tokens or an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from devidp.issuer.issuer import Issuer
from devidp.oauth import names, redirect_uri, response_type
from devidp.oauth.errors import InvalidRequest, quoted
from devidp.oauth.parameters import Parameters

QUERY = "query"
FRAGMENT = "fragment"
FORM_POST = names.FORM_POST
WEB_MESSAGE = names.WEB_MESSAGE
PAGES = (FORM_POST, WEB_MESSAGE)
"""Modes in which a page of ours hands the answer on; the others are redirects."""
SECTION = "OAuth 2.0 Multiple Response Type Encoding Practices section 2.1"


class AuthorizationResponse(NamedTuple):
    """What goes to the client's redirect URI, and in which response mode."""

    redirect_uri: str
    mode: str
    parameters: Mapping[str, str]

    def location(self) -> str:
        """The address to redirect to, for every mode that is a redirect."""
        encode = redirect_uri.with_fragment if self.mode == FRAGMENT else redirect_uri.with_query
        return encode(self.redirect_uri, self.parameters)


def supported_modes(issuer: Issuer) -> tuple[str, ...]:
    """The response modes that are on."""
    return (QUERY, FRAGMENT, *filter(issuer.supports, PAGES))


def choose(issuer: Issuer, parameters: Parameters, uri: str) -> str:
    """The mode that was asked for where it can be used, otherwise the default of the response type."""
    asked = parameters.get("response_mode")
    if asked is not None and _problem(issuer, parameters, asked, uri) is None:
        return asked
    return response_type.default_mode(parameters.get("response_type", ""))


def check(issuer: Issuer, parameters: Parameters, uri: str) -> None:
    """Raise InvalidRequest where the mode that was asked for cannot be used."""
    asked = parameters.get("response_mode")
    why = None if asked is None else _problem(issuer, parameters, asked, uri)
    if why is not None:
        raise InvalidRequest(
            f"response_mode is {quoted(asked)}, {why}",
            remedy="Leave response_mode out, or send another one",
            section=SECTION,
            got=asked or "",
            expected=[mode for mode in supported_modes(issuer) if _problem(issuer, parameters, mode, uri) is None],
        )


def _problem(issuer: Issuer, parameters: Parameters, mode: str, uri: str) -> str | None:
    if mode not in supported_modes(issuer):
        return f"this issuer has: {' '.join(supported_modes(issuer))}"
    if mode == QUERY and response_type.carries_tokens(parameters.get("response_type", "")):
        return "and a token must not come in a query: queries end in logs and histories"
    if mode in PAGES and not uri.startswith(("http:", "https:")):
        return f"and no page can send it to {quoted(uri)}, which is neither http nor https"
    return None


def respond(issuer: Issuer, parameters: Parameters, uri: str, result: Mapping[str, str]) -> AuthorizationResponse:
    """``result`` with ``state``, and ``iss`` in every answer (RFC 9207 section 2)."""
    state = parameters.get("state")
    echoed = {} if state is None else {"state": state}
    return AuthorizationResponse(uri, choose(issuer, parameters, uri), {**result, **echoed, "iss": issuer.url})

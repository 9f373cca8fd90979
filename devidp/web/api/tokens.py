"""Tokens without a flow, sound or faulty."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import flask
from pydantic import Field

from devidp.web.api.operation import Body, Result, operation
from devidp.web.control.controller import Controller
from devidp.web.request import Request

Texts = str | list[str]
Span = Annotated[int | str, Field(description="Seconds, or a duration such as 15m; -15m has passed")]


class TokenRequest(Body):
    """What the token should be like; what is left out is as the issuer would have it."""

    user: str | dict[str, Any] | None = None
    """A user of the seed, or the claims of somebody else, `sub` among them."""
    client: str | None = None
    issuer: str | None = None
    """Name or URL of the issuer; the first one without it."""
    audience: Texts | None = None
    resource: Texts | None = None
    """The same as `audience`; in an ID-JAG, what it is good for at its audience."""
    scope: Texts | None = None
    free: bool | None = None
    """Take user, client, audience and scope as they stand, whatever the seed knows and allows."""
    fault: Texts | None = None
    """What is wrong with it, by name; see `GET /faults`."""
    token_type: Literal["access", "id", "refresh", "logout", "id-jag", "client-assertion"] | None = None
    lifetime: Span | None = None
    not_before: Span | None = None
    claims: dict[str, Any] | None = None
    """Claims to set, whatever they were."""
    drop: Texts | None = None
    """Claims to leave out."""
    header: dict[str, Any] | None = None
    """Header parameters to set."""
    drop_header: Texts | None = None
    """Header parameters to leave out."""
    key: str | dict[str, Any] | None = None
    """`active`, `retired`, `unpublished`, `foreign`, or a private key as PEM or JWK."""


class TokenAnswer(Result):
    """A token and what is in it."""

    token: str
    header: dict[str, Any]
    claims: dict[str, Any]
    explanation: str
    """What the token is, what is wrong with it, and what the right answer to it is."""
    places: dict[str, str]
    """The fault of each part that is wrong: `claims.exp`, `header.kid`, `key`, `signature`."""


@operation(TokenRequest, TokenAnswer)
def mint(control: Controller, body: TokenRequest) -> Any:
    """Make a token without a flow, sound or faulty."""
    return control.mint(called=_request().called, **body.keywords())


def _request() -> Request:
    return flask.request  # type: ignore[return-value]

"""How the MCP server behaves, and what it needs for that: where it is, and what came to it."""

from __future__ import annotations

import json
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Response


@dataclass(frozen=True, slots=True)
class Call:
    """A request to the MCP endpoint with a token."""

    token: str
    uses_tool: bool
    """Whether it lists or calls tools, which comes after the beginning of a session."""
    connection: socket.socket | None
    """The way to the client."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the MCP server is, and whom it trusts."""

    url: str
    """Of its MCP endpoint."""
    metadata_url: str
    issuer: str
    foreign: str
    """The base of another origin, where everything is written down."""
    scopes: tuple[str, ...]
    """What it asks for, and what it may ask for later."""

    @property
    def base(self) -> str:
        return self.metadata_url.partition("/.well-known/")[0]

    @property
    def metadata(self) -> dict[str, Any]:
        """The document of RFC 9728 section 2."""
        return {
            "resource": self.url,
            "authorization_servers": [self.issuer],
            "scopes_supported": list(self.scopes[:1]),
            "bearer_methods_supported": ["header"],
        }

    def challenge(self, error: str = "", scopes: Collection[str] | None = None) -> str:
        """The value of ``WWW-Authenticate`` (RFC 6750 section 3, RFC 9728 section 5.1)."""
        wanted = self.scopes[:1] if scopes is None else scopes
        members = {"error": error, "scope": " ".join(wanted), "resource_metadata": self.metadata_url}
        return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in members.items() if value)

    def refusal(self, status: int, error: str = "", scopes: Collection[str] | None = None) -> Response:
        response = json_response({"error": error or "unauthorized"}, status)
        response.headers["WWW-Authenticate"] = self.challenge(error, scopes)
        return response


class Manner:
    """A sound MCP server, and what others change of it. One is made for each scenario."""

    asks_for: ClassVar[int] = 0
    """How many scopes the issuer has to have."""

    def __init__(self) -> None:
        self.met = False
        """Whether the client has come to what is wrong."""

    def describe(self, place: Place) -> Response:
        """The metadata of the resource."""
        return json_response(place.metadata)

    def refuse(self, place: Place) -> Response:
        """To a request without a token."""
        return place.refusal(401)

    def admit(self, call: Call, place: Place) -> Response | None:
        """To a request with a token; ``None``: what the MCP server says."""
        return None


def json_response(members: Any, status: int = 200) -> Response:
    return Response(json.dumps(members), status, content_type="application/json")


def without(members: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in members.items() if key != name}

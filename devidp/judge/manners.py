"""How the MCP server behaves: soundly, or wrong in one way; each way is a class, and its line in ``MANNERS``."""

from __future__ import annotations

import json
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Response

from devidp.judge.rights import scopes_of
from devidp.system.clock import pause

SECONDS_LATE = 1.0


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


class RefusesAlways(Manner):
    """Every token is refused with 401: the client has to stop."""

    def admit(self, call: Call, place: Place) -> Response | None:
        self.met = True
        return place.refusal(401, "invalid_token")


class RefusesOnce(Manner):
    """The first token is refused where a tool is used, as if it had ended early: the client has to get another."""

    def __init__(self) -> None:
        super().__init__()
        self.first = ""

    def admit(self, call: Call, place: Place) -> Response | None:
        self.first = self.first or call.token
        if call.token != self.first or not (call.uses_tool or self.met):
            return None
        self.met = True
        return place.refusal(401, "invalid_token")


class WantsMoreScope(Manner):
    """The use of a tool needs a second scope, as 403 with `insufficient_scope` says: the client has to ask for it."""

    asks_for = 2

    def __init__(self) -> None:
        super().__init__()
        self.refused = ""

    def admit(self, call: Call, place: Place) -> Response | None:
        if not call.uses_tool:
            return None
        scopes = scopes_of(call.token)
        if place.scopes[1] in scopes if scopes is not None else self.refused not in ("", call.token):
            return None
        self.met, self.refused = True, call.token
        return place.refusal(403, "insufficient_scope", place.scopes[:2])


class NeverEnoughScope(Manner):
    """Every use of a tool is answered with 403 and `insufficient_scope`: the client has to stop asking."""

    asks_for = 2

    def admit(self, call: Call, place: Place) -> Response | None:
        if not call.uses_tool:
            return None
        self.met = True
        return place.refusal(403, "insufficient_scope", place.scopes[:2])


class ForbidsWithoutChallenge(Manner):
    """403 without a challenge: nothing that a login could change, so the client has to stop."""

    def admit(self, call: Call, place: Place) -> Response | None:
        self.met = True
        return json_response({"error": "forbidden"}, 403)


class OtherResource(Manner):
    """The metadata is that of another resource: the client must not use it."""

    def describe(self, place: Place) -> Response:
        self.met = True
        return json_response({**place.metadata, "resource": f"{place.foreign}/mcp"})


class NoIssuers(Manner):
    """The metadata names no authorization server."""

    def describe(self, place: Place) -> Response:
        self.met = True
        return json_response(without(place.metadata, "authorization_servers"))


class ExtraMembers(Manner):
    """The metadata has a member that no specification defines: the client has to ignore it."""

    def describe(self, place: Place) -> Response:
        self.met = True
        return json_response({"x_devidp_extra": {"nested": ["value", 1, None]}, **place.metadata})


class MetadataInHtml(Manner):
    """In place of the metadata there is an HTML page."""

    def describe(self, place: Place) -> Response:
        self.met = True
        return Response("<!doctype html><title>Welcome</title><h1>Welcome</h1>", content_type="text/html")


class MetadataUnavailable(Manner):
    """The metadata is answered with 503."""

    def describe(self, place: Place) -> Response:
        self.met = True
        return Response("Service Unavailable", 503, {"Retry-After": "1"}, content_type="text/plain")


class IssuerChanges(Manner):
    """After the login the metadata names another authorization server: what belongs to the first must not go there."""

    def describe(self, place: Place) -> Response:
        issuer = place.foreign if self.met else place.issuer
        return json_response({**place.metadata, "authorization_servers": [issuer]})

    def admit(self, call: Call, place: Place) -> Response | None:
        self.met = True
        return place.refusal(401, "invalid_token")


class NoChallenge(Manner):
    """401 without `WWW-Authenticate`: the metadata is at its well-known address."""

    def refuse(self, place: Place) -> Response:
        self.met = True
        return json_response({"error": "unauthorized"}, 401)


class SeveralChallenges(Manner):
    """The challenge stands behind one of another scheme, in the same header."""

    def refuse(self, place: Place) -> Response:
        self.met = True
        response = place.refusal(401)
        response.headers["WWW-Authenticate"] = f'Basic realm="staff, only", {place.challenge()}'
        return response


class LowerCaseChallenge(Manner):
    """The scheme of the challenge is written `bearer`: its case does not matter."""

    def refuse(self, place: Place) -> Response:
        self.met = True
        response = place.refusal(401)
        response.headers["WWW-Authenticate"] = place.challenge().replace("Bearer", "bearer")
        return response


class Slow(Manner):
    """The first answer to a token comes a second late."""

    def admit(self, call: Call, place: Place) -> Response | None:
        if not self.met:
            self.met = True
            pause(SECONDS_LATE)
        return None


class Unavailable(Manner):
    """The first request with a token is answered with 503 and Retry-After."""

    def admit(self, call: Call, place: Place) -> Response | None:
        if self.met:
            return None
        self.met = True
        return Response("Service Unavailable", 503, {"Retry-After": "0"}, content_type="text/plain")


class Html(Manner):
    """A request with a token is answered with an HTML page, with status 200."""

    def admit(self, call: Call, place: Place) -> Response | None:
        self.met = True
        return Response("<!doctype html><title>Log in</title><h1>Log in</h1>", content_type="text/html")


class Drops(Manner):
    """The connection of the first request with a token drops without an answer."""

    def admit(self, call: Call, place: Place) -> Response | None:
        if self.met or call.connection is None:
            return None
        self.met = True
        call.connection.shutdown(socket.SHUT_RDWR)
        return Response(status=502)


MANNERS: Mapping[str, type[Manner]] = {
    "resource-refuses-always": RefusesAlways,
    "resource-refuses-once": RefusesOnce,
    "resource-wants-more-scope": WantsMoreScope,
    "resource-never-enough-scope": NeverEnoughScope,
    "resource-forbids": ForbidsWithoutChallenge,
    "resource-metadata-of-another": OtherResource,
    "resource-metadata-without-issuers": NoIssuers,
    "resource-metadata-extra": ExtraMembers,
    "resource-metadata-html": MetadataInHtml,
    "resource-metadata-unavailable": MetadataUnavailable,
    "resource-issuer-changes": IssuerChanges,
    "resource-challenge-missing": NoChallenge,
    "resource-challenges-several": SeveralChallenges,
    "resource-challenge-lower-case": LowerCaseChallenge,
    "resource-slow": Slow,
    "resource-unavailable": Unavailable,
    "resource-html": Html,
    "resource-drops": Drops,
}


def json_response(members: Any, status: int = 200) -> Response:
    return Response(json.dumps(members), status, content_type="application/json")


def without(members: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in members.items() if key != name}

"""Ways of the MCP server to be wrong: each is a class, and its line in ``MANNERS``. Here those of tokens."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from flask import Response

from devidp.judge.manner import Call, Manner, Place, json_response
from devidp.judge.metadata_manners import (
    ExtraMembers,
    IssuerChanges,
    LowerCaseChallenge,
    MetadataInHtml,
    MetadataUnavailable,
    NoChallenge,
    NoIssuers,
    OtherResource,
    SeveralChallenges,
)
from devidp.judge.rights import scopes_of
from devidp.system.clock import pause

SECONDS_LATE = 1.0


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

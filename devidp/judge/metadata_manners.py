"""Ways of the MCP server to be wrong before a token is there: in its metadata and in its challenges."""

from __future__ import annotations

from flask import Response

from devidp.judge.manner import Call, Manner, Place, json_response, without


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

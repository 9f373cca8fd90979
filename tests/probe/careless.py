"""A resource server that is right, and with a switch for each mistake wrong in that one thing."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable

import jwt
from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from devidp import DevIdP

RESOURCE = "http://localhost:8000/mcp"
SCOPE = "mcp:read"
WELL_KNOWN = "/.well-known/oauth-protected-resource"
METADATA = "http://localhost:8000/.well-known/oauth-protected-resource/mcp"
HEADER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)

PARAMETERS = {
    "no-error": {"error": ""},
    "own-error": {"error": "token_expired"},
    "no-resource-metadata": {"resource_metadata": ""},
    "no-scope": {"scope": ""},
}
"""Of the challenge, by the mistake."""
MEMBERS: dict[str, dict[str, object]] = {
    "methods": {"bearer_methods_supported": ["header", "query"]},
    "other-resource": {"resource": "http://localhost:8000/other"},
    "no-url": {"resource": "http://[::1"},
    "wider-resource": {"resource": "http://localhost:8000"},
    "no-issuer": {"authorization_servers": None},
    "other-issuer": {"authorization_servers": ["https://login.example"]},
    "insecure": {"jwks_uri": "http://keys.example/jwks.json"},
    "malformed": {"scopes_supported": "mcp:read"},
}
"""Of the metadata, by the mistake."""


class Refused(Exception):
    def __init__(self, status: int, error: str = "") -> None:
        super().__init__(error)
        self.status, self.error = status, error


class Careless:
    """A tool server of JSON-RPC at ``/mcp``; ``mistakes`` are those that it makes."""

    def __init__(self, idp: DevIdP, *mistakes: str) -> None:
        self.idp = idp
        self.mistakes = frozenset(mistakes)
        self.keys = jwt.PyJWKClient(idp.jwks_uri)
        self.app = Flask("careless")
        self.app.add_url_rule("/mcp", view_func=self.call, methods=["GET", "POST", "DELETE"])
        self.app.add_url_rule(self.path, view_func=self.metadata)

    @property
    def path(self) -> str:
        """Of the metadata."""
        if self.makes("appended"):
            return f"/mcp{WELL_KNOWN}"
        return WELL_KNOWN if self.makes("at-the-root") else f"{WELL_KNOWN}/mcp"

    def makes(self, mistake: str) -> bool:
        return mistake in self.mistakes

    def call(self) -> ResponseReturnValue:
        if request.method == "GET" and self.makes("open-stream"):
            return Response('data: {"jsonrpc": "2.0", "method": "ping"}\n\n', mimetype="text/event-stream")
        if request.method != "POST":
            return "", 405
        session = request.headers.get("Mcp-Session-Id", "")
        if self.makes("open-call") and (request.get_json(silent=True) or {}).get("method") == "tools/call":
            return self.call_tool()
        try:
            claims = self.of_session(session) or self.verified(self.tokens())
            if SCOPE not in str(claims.get("scope")).split():
                raise Refused(403, "insufficient_scope")
        except Refused as refused:
            return self.refusal(refused)
        message = request.get_json(silent=True) or {}
        if message.get("method") == "initialize":
            response = self.answer({"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {}})
            if self.makes("session"):
                response.headers["Mcp-Session-Id"] = f"of-{claims.get('sub')}"
            return response
        if self.makes("session") and not self.is_own(session, claims):
            return "", 404
        if message.get("method") == "tools/call":
            return self.call_tool()
        return self.answer({"tools": [{"name": "look"}]})

    def call_tool(self) -> ResponseReturnValue:
        message = request.get_json()
        if message["params"]["name"] == "look":
            return self.answer({"content": []})
        return jsonify({"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32602, "message": "no such tool"}})

    def of_session(self, session: str) -> dict[str, object]:
        """What is believed without a token."""
        known = self.makes("session-for-token") and session.startswith("of-")
        return {"sub": session.removeprefix("of-"), "scope": SCOPE} if known else {}

    def is_own(self, session: str, claims: dict[str, object]) -> bool:
        return session.startswith("of-") if self.makes("shared-session") else session == f"of-{claims.get('sub')}"

    def answer(self, result: object) -> Response:
        response = jsonify({"jsonrpc": "2.0", "id": 1, "result": result})
        if self.makes("hidden"):
            response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    def tokens(self) -> list[str]:
        """What may be the token."""
        header = request.headers.get("Authorization", "")
        if self.makes("null") and header == "Bearer null":
            return [self.idp.token(audience=RESOURCE, scope=SCOPE)]
        if self.makes("case") and not header.startswith("Bearer"):
            return self.refuse("invalid_token" if header else "")
        if found := HEADER.fullmatch(header):
            return [found[1]]
        if self.makes("any-of-two"):
            return [part.strip().partition(" ")[2] for part in header.split(",")]
        if self.makes("split"):
            return header.split()[1:2] or self.refuse()
        if self.makes("any-scheme") and " " in header:
            return [header.partition(" ")[2]]
        if self.makes("ascii"):
            header.encode("latin-1").decode("ascii")
        return self.elsewhere() or self.refuse("invalid_token" if header else "")

    def elsewhere(self) -> list[str]:
        """Tokens at other places than the header, where those are looked at."""
        places = {"query": request.args, "body": request.form, "cookie": request.cookies}
        found = [where.get("access_token") for place, where in places.items() if self.makes(place)]
        if self.makes("identity-header") and (user := request.headers.get("X-Forwarded-User")):
            found.append(self.idp.token(user=user, audience=RESOURCE, scope=SCOPE))
        if self.makes("other-header"):
            found.append(request.headers.get("X-Access-Token"))
        return [token for token in found if token]

    def refuse(self, error: str = "") -> list[str]:
        raise Refused(401, error)

    def verified(self, tokens: Iterable[str]) -> dict[str, object]:
        for token in tokens:
            try:
                key = self.keys.get_signing_key_from_jwt(token)
                claims: dict[str, object] = jwt.decode(token, key, ["RS256"], audience=RESOURCE, issuer=self.idp.issuer)
            except jwt.PyJWTError:
                if self.makes("crash"):
                    raise
                continue
            return claims
        raise Refused(401, "invalid_token")

    def refusal(self, refused: Refused) -> ResponseReturnValue:
        if self.makes("disguised"):
            response = jsonify({"jsonrpc": "2.0", "id": 1, "error": {"code": -32001, "message": "unauthorized"}})
        else:
            response = jsonify({"error": refused.error or "unauthorized"})
            response.status_code = next(
                (int(status) for status in ("401", "403") if self.makes(status)), refused.status
            )
        for challenge in self.challenges(refused):
            response.headers.add("WWW-Authenticate", challenge)
        if self.makes("hidden"):
            response.headers["Access-Control-Allow-Origin"] = "*"
        self.leak(response)
        return response

    def challenges(self, refused: Refused) -> list[str]:
        if self.makes("no-challenge"):
            return []
        if self.makes("basic"):
            return ["Basic"]
        parameters = {"error": refused.error, "scope": SCOPE, "resource_metadata": METADATA}
        if not refused.error:
            parameters |= {"error": "invalid_token"} if self.makes("error-always") else {}
        for mistake, changed in PARAMETERS.items():
            parameters |= changed if self.makes(mistake) else {}
        said = [f'{name}="{value}"' for name, value in parameters.items() if value]
        separator = " " if self.makes("no-commas") else ", "
        return [f"Bearer {separator.join(said)}", *(["Bearer"] if self.makes("twice") else [])]

    def leak(self, response: Response) -> None:
        token = request.headers.get("Authorization", "").rpartition(" ")[2]
        if self.makes("trace"):
            try:
                jwt.decode(token, "", ["HS256"])
            except jwt.PyJWTError:
                response.set_data(traceback.format_exc())
        if self.makes("echo"):
            response.set_data(f"not accepted: {token}")
        if self.makes("claims") and token.count(".") == 2:
            try:
                claims = jwt.decode(token, options={"verify_signature": False})
            except jwt.PyJWTError:
                return
            response.set_data(f"the token {claims.get('jti')} has ended")
        if self.makes("version"):
            response.headers["X-Powered-By"] = "Careless/1.2.3"
        if self.makes("secret"):
            response.set_data("client_secret=hunter2hunter2")

    def metadata(self) -> ResponseReturnValue:
        for mistake, status in (("no-metadata", 404), ("guarded", 401)):
            if self.makes(mistake):
                return "", status
        members: dict[str, object] = {
            "resource": RESOURCE,
            "authorization_servers": [self.idp.issuer],
            "scopes_supported": [SCOPE],
            "bearer_methods_supported": ["header"],
        }
        for mistake, changed in MEMBERS.items():
            members |= changed if self.makes(mistake) else {}
        response = jsonify({name: value for name, value in members.items() if value is not None})
        if self.makes("text"):
            response.content_type = "text/plain"
        return response

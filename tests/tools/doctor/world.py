"""A sound MCP server and its issuer, small enough to break one thing at a time."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

RESOURCE_PATH = "/.well-known/oauth-protected-resource/mcp"
OAUTH_PATH = "/.well-known/oauth-authorization-server/idp"
OPENID_PATH = "/idp/.well-known/openid-configuration"


@dataclass
class World:
    """What is served; a test changes it before the doctor comes."""

    base: str
    no_token: int = 401
    garbage: int = 401
    challenge: str = ""
    resource: dict[str, Any] = field(default_factory=dict)
    resource_path: str = RESOURCE_PATH
    metadata: dict[str, Any] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    """Paths that answer another status."""
    registered: dict[str, Any] = field(default_factory=dict)
    any_redirect: bool = False
    any_port: bool = True
    send_iss: str | None = None
    token_body: str = '{"error": "invalid_grant"}'
    keys: list[dict[str, str]] = field(default_factory=lambda: [{"kid": "1", "kty": "RSA"}])
    cors: bool = True

    def __post_init__(self) -> None:
        self.challenge = f'Bearer scope="read", resource_metadata="{self.base}{RESOURCE_PATH}"'
        self.resource = {"resource": self.server, "authorization_servers": [self.issuer], "scopes_supported": ["read"]}
        self.send_iss = self.issuer
        self.registered = {
            "client_id": "c",
            "redirect_uris": ["http://127.0.0.1:43117/callback"],
            "token_endpoint_auth_method": "none",
        }
        self.metadata = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "registration_endpoint": f"{self.issuer}/register",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    @property
    def server(self) -> str:
        return f"{self.base}/mcp"

    @property
    def issuer(self) -> str:
        return f"{self.base}/idp"

    def answer(self, path: str, query: dict[str, str], token: bool) -> tuple[int, dict[str, str], str]:
        """Status, headers and body."""
        if path in self.statuses:
            return self.statuses[path], {}, "{}"
        documents = {
            self.resource_path: self.resource,
            OAUTH_PATH: self.metadata,
            OPENID_PATH: self.metadata,
            "/idp/register": self.registered,
            "/idp/jwks": {"keys": self.keys},
        }
        if path in documents:
            return 200, {}, json.dumps(documents[path])
        if path == "/mcp":
            status = self.garbage if token else self.no_token
            return status, {"WWW-Authenticate": self.challenge} if status == 401 and self.challenge else {}, "{}"
        if path == "/idp/authorize":
            return self._authorize(query)
        return (400, {}, self.token_body) if path == "/idp/token" else (404, {}, "")

    def _authorize(self, query: dict[str, str]) -> tuple[int, dict[str, str], str]:
        asked = urlsplit(query["redirect_uri"])
        known = asked.hostname == "127.0.0.1" and (self.any_port or asked.port == 43117)
        if not known and not self.any_redirect:
            return 400, {}, "who?"
        if known and "code_challenge" in query:
            return 200, {}, "a page"
        said = {"error": "invalid_request"} | ({"iss": self.send_iss} if self.send_iss else {})
        return 302, {"Location": f"{query['redirect_uri']}?{urlencode(said)}"}, ""


@contextmanager
def world() -> Iterator[World]:
    """A world that is served on the loopback address."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            status, headers, body = made.answer(parts.path, query, "Authorization" in self.headers)
            self.send_response(status)
            allowed = {"Access-Control-Allow-Origin": "*"} if made.cors else {}
            for name, value in {**headers, **allowed, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = do_OPTIONS = _answer  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made = World(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()

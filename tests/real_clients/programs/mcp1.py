"""Client and server with the MCP Python SDK 1.x; runs in an environment of its own."""

# mypy: ignore-errors
from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
from mcp import ClientSession
from mcp.client.auth import OAuthClientProvider, TokenStorage
from mcp.client.auth.extensions.client_credentials import (
    ClientCredentialsOAuthProvider,
    PrivateKeyJWTOAuthProvider,
    SignedJWTParameters,
)
from mcp.client.streamable_http import streamable_http_client
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken, TokenVerifier
from mcp.server.auth.settings import AuthSettings
from mcp.server.fastmcp import FastMCP
from mcp.shared.auth import OAuthClientMetadata

from tests.real_clients.asgi import asgi_served
from tests.real_clients.passing import passing_time
from tests.real_clients.programs import lines
from tests.real_clients.verifier import key_client, verify

REDIRECT_URI = "http://localhost:5555/callback"


class JwtVerifier(TokenVerifier):
    def __init__(self, issuer: str, resource: str) -> None:
        self._issuer, self._resource, self._keys = issuer, resource, key_client(issuer)

    async def verify_token(self, token: str) -> AccessToken | None:
        try:
            claims = await asyncio.to_thread(verify, token, self._issuer, self._resource, self._keys)
        except jwt.PyJWTError:
            return None
        return AccessToken(
            token=token,
            client_id=claims["client_id"],
            scopes=claims["scope"].split(),
            expires_at=claims["exp"],
            resource=self._resource,
            subject=claims["sub"],
        )


def whoami() -> str:
    token = get_access_token()
    return f"{token.subject}: {' '.join(token.scopes)}" if token else "nobody"


def protected_server(issuer: str, base_url: str):
    resource = f"{base_url}/mcp"
    server = FastMCP(
        "protected",
        token_verifier=JwtVerifier(issuer, resource),
        auth=AuthSettings(
            issuer_url=issuer,
            resource_server_url=resource,
            required_scopes=["mcp:read"],
            validate_token_resource=True,
        ),
    )
    server.add_tool(whoami)
    return server.streamable_http_app()


class Memory(TokenStorage):
    tokens = client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client_info):
        self.client = client_info


class Application:
    def __init__(self, server: str, service: dict[str, str] | None) -> None:
        self._server = server
        self._answer = ""
        self._provider = self._of_a_person() if service is None else self._of_a_service(**service)

    def _of_a_person(self) -> OAuthClientProvider:
        return OAuthClientProvider(
            self._server,
            OAuthClientMetadata(client_name="A test", redirect_uris=[REDIRECT_URI]),
            Memory(),
            redirect_handler=self._open,
            callback_handler=self._callback,
        )

    def _of_a_service(self, issuer: str, client_id: str, scope: str, key: str = "", secret: str = ""):
        if not key:
            return ClientCredentialsOAuthProvider(
                self._server, Memory(), client_id, secret, scopes=scope, issuer=issuer
            )
        signing = SignedJWTParameters(
            issuer=client_id, subject=client_id, signing_key=key, signing_algorithm="ES256"
        ).create_assertion_provider()
        return PrivateKeyJWTOAuthProvider(self._server, Memory(), client_id, signing, scope, issuer)

    async def call(self, tool: str, arguments: dict[str, str]) -> str:
        async with (
            httpx.AsyncClient(auth=self._provider) as http,
            streamable_http_client(self._server, http_client=http) as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            return (await session.call_tool(tool, arguments)).content[0].text

    async def _open(self, address: str) -> None:
        self._answer = lines.ask(open=address)["address"]

    async def _callback(self) -> tuple[str, str | None]:
        answer = parse_qs(urlsplit(self._answer).query)
        return answer["code"][0], answer["state"][0]


def main() -> None:
    applications: dict[str, Application] = {}
    with passing_time() as let_pass, contextlib.ExitStack() as serving:
        for command in lines.commands():
            match command:
                case {"serve": issuer}:
                    base_url = serving.enter_context(asgi_served(partial(protected_server, issuer)))
                    lines.answer(server=f"{base_url}/mcp")
                case {"let_pass": seconds}:
                    let_pass(seconds)
                    lines.answer()
                case {"call": tool, "server": server}:
                    service = command.get("service")
                    application = applications.setdefault(server, Application(server, service))
                    with lines.telling():
                        lines.answer(text=asyncio.run(application.call(tool, command.get("arguments", {}))))


if __name__ == "__main__":
    main()

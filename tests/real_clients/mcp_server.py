"""An MCP server that only lets in who has a token of the issuer, by the SDK's own means and PyJWT."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import anyio.to_thread
import jwt
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken, TokenVerifier
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from pydantic import AnyHttpUrl
from starlette.applications import Starlette

from tests.real_clients.verifier import key_client, verify


class JwtVerifier(TokenVerifier):
    """Lets in tokens of ``issuer`` for ``resource``."""

    def __init__(self, issuer: str, resource: str) -> None:
        self._issuer = issuer
        self._resource = resource
        self._keys = key_client(issuer)

    async def verify_token(self, token: str) -> AccessToken | None:
        return await anyio.to_thread.run_sync(self._verify, token)

    def _verify(self, token: str) -> AccessToken | None:
        try:
            claims = verify(token, self._issuer, self._resource, self._keys)
        except jwt.PyJWTError:
            return None
        return AccessToken(
            token=token,
            client_id=claims["client_id"],
            scopes=claims["scope"].split(),
            expires_at=claims["exp"],
            resource=self._resource,
            subject=claims["sub"],
            claims=claims,
        )


def whoami() -> str:
    """Whose token the call came with, and what it may do."""
    token = get_access_token()
    return f"{token.subject}: {' '.join(token.scopes)}" if token else "nobody"


TOOLS = {"whoami": whoami}


def protected_server(
    issuer: str, base_url: str, scope: str = "mcp:read", tools: Mapping[str, Callable[[], str]] = TOOLS
) -> Starlette:
    """It is to be served at ``base_url``, and is a resource of its own there."""
    resource = f"{base_url}/mcp"
    server = MCPServer(
        "protected",
        token_verifier=JwtVerifier(issuer, resource),
        auth=AuthSettings(
            issuer_url=AnyHttpUrl(issuer),
            resource_server_url=AnyHttpUrl(resource),
            required_scopes=[scope],
            validate_token_resource=True,
        ),
    )
    for name, tool in tools.items():
        server.add_tool(tool, name)
    return server.streamable_http_app()

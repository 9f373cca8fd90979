"""Client and server with FastMCP 4; runs in an environment of its own."""

# mypy: ignore-errors
from __future__ import annotations

import asyncio
import contextlib
import webbrowser
from functools import partial

from fastmcp import Client, FastMCP
from fastmcp.client.auth import OAuth
from fastmcp.server.auth import RemoteAuthProvider
from fastmcp.server.auth.providers.jwt import JWTVerifier
from fastmcp.server.dependencies import get_access_token
from key_value.aio.stores.simple import SimpleStore
from mcp.shared.auth import OAuthClientInformationFull

from tests.real_clients.asgi import asgi_served
from tests.real_clients.passing import passing_time
from tests.real_clients.programs import lines


def whoami() -> str:
    token = get_access_token()
    return f"{token.claims['sub']}: {' '.join(token.scopes)}" if token else "nobody"


def protected_server(issuer: str, base_url: str):
    verifier = JWTVerifier(
        jwks_uri=f"{issuer}/.well-known/jwks.json",
        issuer=issuer,
        audience=f"{base_url}/mcp",
        required_scopes=["mcp:read"],
    )
    server = FastMCP("protected", auth=RemoteAuthProvider(verifier, [issuer], base_url))
    server.tool(whoami)
    return server.http_app(path="/mcp")


def documented_server(code: str, base_url: str):
    """The server that an example of the documentation defines."""
    defined = {"__name__": "recipe"}
    exec(code.replace("http://localhost:8000", base_url), defined)
    return defined["server"].http_app()


def provider(server: str) -> OAuth:
    return OAuth(server, token_storage=SimpleStore())


async def remember(oauth: OAuth, client_id: str) -> None:
    """Believe to be registered already."""
    await oauth.token_storage_adapter.set_client_info(
        OAuthClientInformationFull(
            client_id=client_id,
            redirect_uris=oauth.context.client_metadata.redirect_uris,
            token_endpoint_auth_method="none",
        )
    )


async def call(oauth: OAuth, server: str, tool: str, arguments: dict[str, str]) -> str:
    async with Client(server, auth=oauth) as client:
        return (await client.call_tool(tool, arguments)).content[0].text


class Asking(webbrowser.BaseBrowser):
    """A browser that the test opens."""

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        lines.ask(open=url)
        return True


def main() -> None:
    webbrowser.register("asks", None, Asking())
    providers: dict[str, OAuth] = {}
    with passing_time() as let_pass, contextlib.ExitStack() as serving:
        for command in lines.commands():
            match command:
                case {"serve": issuer}:
                    base_url = serving.enter_context(asgi_served(partial(protected_server, issuer)))
                    lines.answer(server=f"{base_url}/mcp")
                case {"run": code}:
                    lines.answer(server=serving.enter_context(asgi_served(partial(documented_server, code))))
                case {"let_pass": seconds}:
                    let_pass(seconds)
                    lines.answer()
                case {"remember": client_id, "server": server}:
                    asyncio.run(remember(providers.setdefault(server, provider(server)), client_id))
                    lines.answer()
                case {"call": tool, "server": server}:
                    oauth = providers.setdefault(server, provider(server))
                    with lines.telling():
                        lines.answer(text=asyncio.run(call(oauth, server, tool, command.get("arguments", {}))))


if __name__ == "__main__":
    main()

"""An application with the MCP Python SDK: its OAuth provider, and a person who logs in where it asks for that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import httpx2
from mcp import Client
from mcp.client.auth import OAuthClientProvider, TokenStorage
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientInformationFull, OAuthClientMetadata, OAuthToken
from mcp_types import TextContent
from pydantic import AnyUrl

from tests.flow import REDIRECT_URI


class Memory(TokenStorage):
    """What the application remembers."""

    def __init__(self) -> None:
        self.tokens: OAuthToken | None = None
        self.client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


class Application:
    """Calls tools of one server.

    ``person`` opens an address in a browser, and gives the address at which the browser ends. ``document`` is the URL
    of what describes it, where it does not register.
    """

    def __init__(
        self,
        server: str,
        person: Callable[[str], str],
        document: str | None = None,
        redirect_uri: str = REDIRECT_URI,
    ) -> None:
        self.memory = Memory()
        self._server = server
        self.person = person
        self._answer = ""
        self._requests: list[str] = []
        self.provider: httpx2.Auth = OAuthClientProvider(
            server,
            OAuthClientMetadata(client_name="A test", redirect_uris=[AnyUrl(redirect_uri)]),
            self.memory,
            redirect_handler=self._open,
            callback_handler=self._callback,
            client_metadata_url=document,
        )

    def call(self, tool: str, **arguments: str) -> str:
        """The text that the tool gives."""
        return asyncio.run(self.call_async(tool, **arguments))

    def requests(self) -> list[str]:
        """What it has sent since it was last asked, with the answers: ``POST /default/token 200``."""
        sent, self._requests = self._requests, []
        return sent

    async def call_async(self, tool: str, **arguments: str) -> str:
        async with (
            httpx2.AsyncClient(auth=self.provider, event_hooks={"response": [self._note]}) as http,
            Client(streamable_http_client(self._server, http_client=http)) as client,
        ):
            content = (await client.call_tool(tool, arguments)).content[0]
            assert isinstance(content, TextContent)
            return content.text

    async def _note(self, response: httpx2.Response) -> None:
        self._requests.append(f"{response.request.method} {response.request.url.path} {response.status_code}")

    async def _open(self, address: str) -> None:
        self._requests.append("browser")
        self._answer = await asyncio.to_thread(self.person, address)

    async def _callback(self) -> AuthorizationCodeResult:
        answer = {name: values[0] for name, values in parse_qs(urlsplit(self._answer).query).items()}
        return AuthorizationCodeResult(code=answer.get("code", ""), state=answer["state"], iss=answer["iss"])

"""A request as far as its event says what it was: what can be sent again, and what is missing for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from devidp.models import Event
from devidp.models.event import PARAMETERS
from devidp.oauth import names
from devidp.web.asked import LONGEST

BEARER: Final = frozenset({"userinfo", "client-configuration"})
"""Endpoints that are called with an access token in the header."""
HEADERS: Final = {"origin": "Origin", "mcp_protocol_version": "MCP-Protocol-Version"}
"""What of the kept headers a server may go by."""
LISTS: Final = frozenset({"resource", "audience"})
"""Parameters that may come more than once."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """``value`` is ``None`` where it is not kept."""

    name: str
    value: str | None

    @property
    def variable(self) -> str:
        """The variable of a shell that stands for what is not kept."""
        return self.name.upper()


@dataclass(frozen=True, slots=True)
class SentRequest:
    """``basic`` is the client whose secret is in the header Authorization, ``bearer`` whether a token is."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    parameters: tuple[Parameter, ...]
    basic: str | None = None
    bearer: bool = False
    json: bool = False
    """Whether the body is JSON, of which only some members are kept."""

    @property
    def in_query(self) -> bool:
        return self.method in ("GET", "HEAD", "DELETE")


def sent_request(event: Event, public_url: str) -> SentRequest:
    """What ``event`` says of its request, at the devidp that is called by ``public_url``."""
    asked = event.asked
    return SentRequest(
        asked.get("method", "GET"),
        address(asked.get("path", "/"), public_url),
        tuple((header, asked[name]) for name, header in HEADERS.items() if name in asked),
        tuple(_parameters(event)),
        event.client or None if asked.get("auth_method") == names.SECRET_BASIC else None,
        event.endpoint in BEARER,
        event.endpoint == "register",
    )


def address(path: str, public_url: str) -> str:
    """The URL of a path, which a proxy may have shortened by that of the public URL."""
    parts = urlsplit(public_url)
    base = parts.path if parts.path and not path.startswith(f"{parts.path}/") else ""
    return f"{parts.scheme}://{parts.netloc}{base}{quote(path, safe='/:@!$&()*+,;=~')}"


def _parameters(event: Event) -> Iterator[Parameter]:
    known = {"client_id": event.client, "grant_type": event.grant}
    for name in event.asked.get("sent", "").split():
        if name.isascii() and name.isidentifier():
            yield Parameter(name, known.get(name) or None)
    for name in ("scope", *PARAMETERS):
        value = event.asked.get("requested_scope" if name == "scope" else name)
        if value is None:
            continue
        if len(value) > LONGEST:  # only its beginning is kept
            yield Parameter(name, None)
        elif name in LISTS:
            yield from (Parameter(name, each) for each in value.split(" "))
        else:
            yield Parameter(name, value)

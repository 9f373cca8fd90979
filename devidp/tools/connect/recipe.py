"""What a recipe is made of."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Target:
    """The MCP server, and what the client is to call it."""

    url: str
    name: str

    @property
    def local(self) -> bool:
        return urlsplit(self.url).hostname in LOOPBACK

    @property
    def shell_url(self) -> str:
        return shlex.quote(self.url)


@dataclass(frozen=True, slots=True)
class Snippet:
    """Something to paste or run; ``before`` says where."""

    before: str
    kind: Literal["json", "sh"]
    text: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A client: what to paste or run, and what happens then."""

    title: str
    snippets: Callable[[Target], list[Snippet]]
    then: str
    cloud: bool = False
    """Its vendor's cloud calls the server, which therefore has to have a public https URL."""

    def text(self, target: Target) -> str:
        parts = [f"{each.before}\n\n{each.text}" for each in self.snippets(target)]
        if self.cloud and target.local:
            why = f"{self.title} calls from its vendor's cloud, and {target.url} is on this machine"
            parts.insert(0, f"NOTE {why}: {PUBLIC}")
        elif target.local and urlsplit(target.url).scheme == "https":
            parts.insert(0, f"NOTE {self.title} has to trust the certificate of {target.url}: {TRUST}")
        return "\n\n".join([*parts, self.then])


PUBLIC = (
    "give the server and devidp public https URLs (two tunnels), start devidp with its own as --public-url, and name "
    "that of the server here with --url. Whoever has it can log in as any user: close the tunnels afterwards."
)

TRUST = (
    "where that is of devidp's own authority, start it with NODE_EXTRA_CA_CERTS and SSL_CERT_FILE (for curl "
    "CURL_CA_BUNDLE) set to the file ca.pem that devidp names when it starts."
)


def json_file(before: str, content: dict[str, Any]) -> Snippet:
    return Snippet(before, "json", json.dumps(content, indent=2))


def commands(before: str, *lines: str) -> Snippet:
    return Snippet(before, "sh", "\n".join(lines))

"""What a target says of itself: its protected-resource metadata (RFC 9728), as it was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from devidp.oauth import well_known
from devidp.probe.exchange import Answer, Request
from devidp.system.hosts import is_loopback
from devidp.system.urls import port_of

NAME = "oauth-protected-resource"
_CHALLENGED = re.compile(r'\bresource_metadata\s*=\s*(?:"([^"]*)"|([^\s,"]+))', re.IGNORECASE)
_SCOPE = re.compile(r'\bscope\s*=\s*"([^"]*)"', re.IGNORECASE)
Send = Callable[[Request], Answer]


@dataclass(frozen=True, slots=True)
class Document:
    """One address at which it may be, and what is there."""

    url: str
    answer: Answer

    @property
    def members(self) -> dict[str, Any]:
        """Of the JSON object; empty where there is none."""
        return self.answer.members if self.answer.status == 200 else {}


@dataclass(frozen=True, slots=True)
class Metadata:
    """Of a target; without ``members`` it has none."""

    challenged: str = ""
    """The URL in ``WWW-Authenticate``."""
    documents: tuple[Document, ...] = ()
    """What was fetched, the address of the challenge first; only from the target itself."""

    @property
    def found(self) -> Document | None:
        return next((document for document in self.documents if document.members), None)

    @property
    def members(self) -> dict[str, Any]:
        return self.found.members if self.found else {}

    @property
    def resource(self) -> str:
        found = self.members.get("resource")
        return found if isinstance(found, str) else ""

    @property
    def issuers(self) -> tuple[str, ...]:
        return self._texts("authorization_servers")

    @property
    def scopes(self) -> tuple[str, ...]:
        return self._texts("scopes_supported")

    def _texts(self, name: str) -> tuple[str, ...]:
        found = self.members.get(name)
        return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def find(url: str, challenge: Answer, send: Send) -> Metadata:
    """The metadata of the target at ``url``; ``challenge`` is what it answers without a token."""
    challenged = challenged_metadata(challenge)
    documents = tuple(fetch(each, send) for each in _addresses(url, challenged))
    return Metadata(challenged, documents)


def challenged_metadata(answer: Answer) -> str:
    """The URL that ``resource_metadata`` names (RFC 9728 section 5.1); empty without one."""
    return _named(answer, _CHALLENGED)


def challenged_scope(answer: Answer) -> str:
    """The scopes that the challenge asks for (RFC 6750 section 3); empty without any."""
    return _named(answer, _SCOPE)


def is_same_server(one: str, other: str) -> bool:
    """Whether both URLs are of one server; all names of this machine are one host."""
    try:
        first, second = urlsplit(one), urlsplit(other)
        if first.scheme != second.scheme or port_of(one) != port_of(other):
            return False
    except (ValueError, KeyError):
        return False
    hosts = first.hostname or "", second.hostname or ""
    return hosts[0] == hosts[1] or all(map(is_loopback, hosts))


def _named(answer: Answer, pattern: re.Pattern[str]) -> str:
    matches = (pattern.search(value) for value in answer.all("www-authenticate"))
    return next((next(filter(None, found.groups()), "") for found in matches if found), "")


def _addresses(url: str, challenged: str) -> Iterator[str]:
    """That of the challenge, that with the path inserted, and that of the host (RFC 9728 section 3.1)."""
    root = urlsplit(url)._replace(path=f"/.well-known/{NAME}", query="", fragment="").geturl()
    own = [challenged] if challenged and is_same_server(challenged, url) else []
    yield from dict.fromkeys([*own, well_known.before_path(NAME, url), root])


def fetch(url: str, send: Send) -> Document:
    return Document(url, send(_get(url)))


def _get(url: str) -> Request:
    return Request("GET", url, (("Accept", "application/json"),))

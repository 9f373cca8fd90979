"""The tools whose configuration can be imported: a file and a line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from devidp.seed.imports import keycloak, mock_oauth2_server, nanoidp
from devidp.seed.imports.document import Document
from devidp.seed.imports.lost import Losses


@dataclass(frozen=True, slots=True)
class Tool:
    """Another identity provider."""

    title: str
    recognises: Callable[[Document], bool]
    carry: Callable[[Sequence[Document], Losses], dict[str, Any]]
    """The seed of all documents together; what is not in it is noted."""


TOOLS = {
    "keycloak": Tool("Keycloak realm export", keycloak.recognises, keycloak.carry),
    "mock-oauth2-server": Tool("mock-oauth2-server (navikt)", mock_oauth2_server.recognises, mock_oauth2_server.carry),
    "nanoidp": Tool("nanoidp", nanoidp.recognises, nanoidp.carry),
}


def recognise(documents: Sequence[Document]) -> Tool | None:
    """The tool that the documents look like; ``None`` for none."""
    return next((tool for tool in TOOLS.values() if any(map(tool.recognises, documents))), None)

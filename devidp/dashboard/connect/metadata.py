"""What a person has to know of an issuer: its addresses, and what it can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from devidp.protocol import Server
from devidp.web.endpoints import discovery, issuer_page

CAPABILITIES = {
    "Scopes": "scopes_supported",
    "Grants": "grant_types_supported",
    "Response types": "response_types_supported",
    "Response modes": "response_modes_supported",
    "PKCE": "code_challenge_methods_supported",
    "Clients authenticate by": "token_endpoint_auth_methods_supported",
    "ID tokens are signed with": "id_token_signing_alg_values_supported",
    "DPoP proofs": "dpop_signing_alg_values_supported",
}
"""The members of the metadata that a person asks for, as a person says it."""


@dataclass(frozen=True, slots=True)
class Known:
    """``documents`` can be opened in a browser; ``endpoints`` are for clients, by their names in the metadata."""

    documents: Mapping[str, str]
    endpoints: Mapping[str, str]
    capabilities: Mapping[str, list[str]]


def of(server: Server) -> Known:
    """The same as clients find in its metadata."""
    document = discovery.metadata(server)
    return Known(
        issuer_page.documents(server.issuer),
        {name: url for name, url in document.items() if name.endswith("_endpoint")},
        {said: document[name] for said, name in CAPABILITIES.items() if document.get(name)},
    )

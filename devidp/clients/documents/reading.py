"""From the JSON of a document to the record of a client."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pkgutil import resolve_name
from typing import Any

from devidp.clients.metadata import support, to_client
from devidp.models import Client, IssuerSettings
from devidp.models.accounts import DocumentOrigin
from devidp.oauth import names, scope
from devidp.oauth.errors import OAuthError, Problem, quoted

METHODS = (names.NO_AUTHENTICATION, names.PRIVATE_KEY_JWT)
SECRETS = ("client_secret", "client_secret_expires_at")


class DocumentError(Problem):
    """A document that describes no client."""


def read(
    url: str, document: object, origin: DocumentOrigin, settings: IssuerSettings, scopes: Collection[str]
) -> Client:
    """The client that ``document`` describes; raises DocumentError where it describes none, or another one."""
    if not isinstance(document, dict):
        raise DocumentError("it is not a JSON object", "Serve the metadata of the client (RFC 7591 section 2)")
    named = document.get("client_id")
    if named != url:
        raise DocumentError(f"its client_id is {quoted(named)}", "Write its own URL there, character by character")
    if not document.get("client_name"):
        # MCP authorization, Client ID Metadata Documents: client_id, client_name and redirect_uris are there at least
        raise DocumentError("it has no client_name", "Write there what the consent page is to call the client")
    if found := [name for name in SECRETS if name in document]:
        raise DocumentError(f"it holds {found[0]}, and everybody can read it", "Leave secrets out of it")
    method = document.get("token_endpoint_auth_method", names.NO_AUTHENTICATION)
    if method not in METHODS:
        raise DocumentError(
            f"its token_endpoint_auth_method is {quoted(method)}, and no secret is shared with it",
            f"Write {' or '.join(METHODS)} there",
        )
    try:
        # by its name: it loads pydantic, and most devidps read no document
        parse = resolve_name("devidp.clients.metadata.parse:parse")
        metadata = parse(_honour(document, method, settings, scopes), settings, scopes)
    except OAuthError as error:
        raise DocumentError(error.reason, error.remedy) from error
    return replace(to_client(url, metadata.public()), document=origin)


def _honour(
    document: Mapping[str, Any], method: str, settings: IssuerSettings, scopes: Collection[str]
) -> dict[str, Any]:
    """The fields that are honoured here: a document is the same for every server."""
    kept = {name: value for name, value in document.items() if support.is_honoured(name, settings)}
    # a document could name the sector of another client and learn its subjects: that is proven at registration only
    kept.pop("sector_identifier_uri", None)
    asked = [name for name in scope.parse(str(kept.pop("scope", ""))) if name in scopes]
    return {**kept, "token_endpoint_auth_method": method, **({"scope": scope.join(asked)} if asked else {})}

"""The sector of a client, whose members share pairwise subjects (OpenID Connect Core section 8.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from devidp.clients.metadata.addresses import check_web_address
from devidp.oauth import names, redirect_uri
from devidp.oauth.errors import InvalidClientMetadata, quoted
from devidp.system.documents import Documents
from devidp.system.fetch import FetchError, Reach

if TYPE_CHECKING:
    from devidp.clients.metadata.model import ClientMetadata

SECTION = "OpenID Connect Core section 8.1"


def check(metadata: ClientMetadata, features: Collection[str]) -> None:
    """Raise InvalidClientMetadata where pairwise subjects were asked for and cannot be had."""
    check_web_address("sector_identifier_uri", metadata.sector_identifier_uri)
    if metadata.subject_type == "public":
        return
    if names.PAIRWISE not in features:
        raise InvalidClientMetadata(
            "subject_type is 'pairwise', this issuer has: public",
            remedy=f"Leave it out, or switch {quoted(names.PAIRWISE)} on for the issuer in the seed",
            section=SECTION,
        )
    hosts = _hosts(metadata.redirect_uris)
    if metadata.sector_identifier_uri is None and (len(hosts) != 1 or None in hosts):
        raise InvalidClientMetadata(
            f"subject_type is 'pairwise', and the redirect URIs have {len(hosts)} different hosts",
            remedy="Register a sector_identifier_uri with all of them, or redirect URIs of one host",
            section=SECTION,
        )


def check_document(uri: str, redirect_uris: Collection[str], documents: Documents, reach: Reach) -> None:
    """Raise InvalidClientMetadata where the document at ``uri`` does not name every redirect URI."""
    section = "OpenID Connect Registration section 5"
    try:
        document = documents.get(uri, reach)
    except FetchError as error:
        raise InvalidClientMetadata(
            f"The sector_identifier_uri cannot be read: {error.reason}", remedy=error.remedy, section=section
        ) from error
    missing = [each for each in redirect_uris if not isinstance(document, list) or each not in document]
    if missing:
        raise InvalidClientMetadata(
            f"The document at {quoted(uri)} does not name the redirect URI {quoted(missing[0])}",
            remedy="Serve a JSON array of every redirect URI there, character by character",
            section=section,
        )


def sector_of(metadata: Mapping[str, Any]) -> str | None:
    """The sector of a registered client; ``None`` where its subjects are public."""
    if metadata.get("subject_type") != "pairwise":
        return None
    addresses = (
        [metadata["sector_identifier_uri"]] if "sector_identifier_uri" in metadata else metadata["redirect_uris"]
    )
    return next((host for host in _hosts(addresses) if host is not None), None)


def _hosts(uris: Collection[str]) -> set[str | None]:
    return {parts.hostname if parts is not None else None for parts in map(redirect_uri.split, uris)}

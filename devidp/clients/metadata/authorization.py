"""What a client says of its authorization requests (OpenID Connect Registration section 2)."""

from __future__ import annotations

from urllib.parse import urldefrag

from devidp.clients.metadata import addresses
from devidp.clients.metadata.model import ClientMetadata
from devidp.models import IssuerSettings
from devidp.oauth import names, response_type
from devidp.oauth.errors import InvalidClientMetadata, quoted


def known_grants(settings: IssuerSettings) -> frozenset[str]:
    """The grant types of the issuer, and ``implicit``, which no token endpoint sees, where response types need it."""
    in_front = settings.features & {names.IMPLICIT, names.HYBRID}
    return settings.grants | {names.IMPLICIT} if in_front else settings.grants


def response_types(metadata: ClientMetadata, grants: list[str], settings: IssuerSettings) -> list[str]:
    """The response types in one spelling; raises InvalidClientMetadata where they do not fit."""
    wanted = metadata.response_types
    if wanted is None:
        wanted = ["code"] if names.AUTHORIZATION_CODE in grants else []
    offered = response_type.offered(settings.grants, settings.features)
    if why := response_type.mismatch(wanted, grants, offered):
        raise InvalidClientMetadata(
            f"response_types is {quoted(', '.join(wanted))}: {why}",
            remedy="Leave response_types out, or make it fit grant_types and the issuer",
            section="RFC 7591 section 2.1",
        )
    return list(dict.fromkeys(name for each in wanted if (name := response_type.canonical(each))))


def check_request_objects(metadata: ClientMetadata, settings: IssuerSettings) -> None:
    """Raise InvalidClientMetadata where the issuer does not take its request objects."""
    unsigned = ("none",) if names.UNSIGNED_REQUEST_OBJECTS in settings.features else ()
    allowed = (*names.KEY_ALGORITHMS, *unsigned) if names.REQUEST_OBJECTS in settings.features else ()
    algorithm = metadata.request_object_signing_alg
    if algorithm is not None and algorithm not in allowed:
        raise InvalidClientMetadata(
            f"request_object_signing_alg is {quoted(algorithm)}, this issuer has: {' '.join(allowed) or 'none'}",
            remedy="Register one of these, or leave it out",
            section="OpenID Connect Registration section 2",
        )
    for uri in metadata.request_uris or ():
        # a fragment may hold the hash of the content, and stays here (OpenID Connect Core section 6.2)
        addresses.check_web_address("request_uris", urldefrag(uri).url)

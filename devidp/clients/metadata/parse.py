"""From the JSON of a registration to the metadata that the issuer will honour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urldefrag

from pydantic import ValidationError

from devidp.clients.metadata import addresses, localized, sector, support
from devidp.clients.metadata.model import ClientMetadata
from devidp.models import IssuerSettings
from devidp.oauth import jwk_set, names, redirect_uri, response_type, scope
from devidp.oauth.errors import InvalidClientMetadata, InvalidRedirectUri, OAuthError, quoted

SECTION = "RFC 7591 section 2"


def parse(data: Mapping[str, Any], settings: IssuerSettings, known_scopes: Iterable[str]) -> ClientMetadata:
    """Metadata as the issuer will honour it; raises InvalidRedirectUri or InvalidClientMetadata."""
    support.check(data, settings)
    # an empty text says nothing: libraries send every field that they have, and fail where it comes back (RFC 7591 2)
    given = {name: value for name, value in data.items() if value not in (None, "")}
    try:
        metadata = ClientMetadata.model_validate({**given, "localized": localized.members(given)})
    except ValidationError as error:
        raise _teach(error) from None
    _check_auth_method(metadata, settings)
    _check_keys(metadata)
    _check_request_objects(metadata, settings)
    grants = _grants(metadata, settings)
    addresses.check_redirect_uris(metadata, grants)
    addresses.check_logout(metadata)
    addresses.check_information(metadata)
    sector.check(metadata, settings.features)
    addresses.check_web_address("initiate_login_uri", metadata.initiate_login_uri)
    return metadata.model_copy(
        update={
            "grant_types": grants,
            "response_types": _response_types(metadata, grants, settings),
            "scope": _scope(metadata, settings, frozenset(known_scopes)),
        }
    )


def _teach(error: ValidationError) -> OAuthError:
    first = error.errors()[0]
    path = first["loc"][1:] if first["loc"][0] == "localized" else first["loc"]
    field = ".".join(str(part) for part in path)
    made = InvalidRedirectUri if path[0] == "redirect_uris" else InvalidClientMetadata
    return made(
        f"The field '{field}' is {quoted(first['input'])}: {first['msg']}",
        remedy=f"Send '{field}' as {SECTION} defines it",
        section=SECTION,
    )


def _check_auth_method(metadata: ClientMetadata, settings: IssuerSettings) -> None:
    method, allowed = metadata.token_endpoint_auth_method, names.auth_methods(settings.features)
    if method not in allowed:
        raise InvalidClientMetadata(
            f"token_endpoint_auth_method is {quoted(method)}, this issuer has: {' '.join(allowed)}",
            remedy="Register one of these",
            section=SECTION,
            got=method,
            expected=allowed,
        )
    signing = names.ASSERTION_ALGORITHMS.get(method, ())
    algorithm = metadata.token_endpoint_auth_signing_alg
    if algorithm is not None and signing and algorithm not in signing:
        raise InvalidClientMetadata(
            f"token_endpoint_auth_signing_alg is {quoted(algorithm)}, with {method} it can be: {' '.join(signing)}",
            remedy="Register one of these, or leave it out",
            section="OpenID Connect Registration section 2",
            got=algorithm,
            expected=signing,
        )


def _check_keys(metadata: ClientMetadata) -> None:
    """Public keys, in one place, where the client needs them (RFC 7591 section 2)."""
    if metadata.jwks is not None and metadata.jwks_uri is not None:
        raise InvalidClientMetadata("jwks and jwks_uri came", remedy="Register one of them", section=SECTION)
    if metadata.token_endpoint_auth_method == names.PRIVATE_KEY_JWT and not (metadata.jwks or metadata.jwks_uri):
        raise InvalidClientMetadata(
            "token_endpoint_auth_method is 'private_key_jwt', and neither jwks nor jwks_uri came",
            remedy="Register the public keys of the client",
            section=SECTION,
        )
    if metadata.jwks is not None and (why := jwk_set.problem(metadata.jwks)):
        raise InvalidClientMetadata(f"jwks is refused: {why}", remedy="Register public keys", section=SECTION)
    if metadata.jwks_uri is not None and (why := redirect_uri.web_problem(metadata.jwks_uri)):
        raise InvalidClientMetadata(
            f"jwks_uri {quoted(metadata.jwks_uri)} is refused: {why}", remedy="Register an https URL", section=SECTION
        )


def _grants(metadata: ClientMetadata, settings: IssuerSettings) -> list[str]:
    # RFC 7591 section 2 lets the server replace values and section 3.2.1 has the answer say what was registered:
    # clients that list every grant they know can still register
    kept = [name for name in dict.fromkeys(metadata.grant_types) if name in _known_grants(settings)]
    if not kept:
        raise InvalidClientMetadata(
            f"grant_types is {quoted(' '.join(metadata.grant_types))}, this issuer has: "
            f"{' '.join(sorted(_known_grants(settings)))}",
            remedy="Register at least one of these",
            section=SECTION,
            got=" ".join(metadata.grant_types),
            expected=sorted(_known_grants(settings)),
        )
    if metadata.token_endpoint_auth_method == names.NO_AUTHENTICATION and kept == [names.CLIENT_CREDENTIALS]:
        raise InvalidClientMetadata(
            "The grant client_credentials needs a client that authenticates, token_endpoint_auth_method is 'none'",
            remedy=f"Register {names.SECRET_BASIC}",
            section="OAuth 2.1 section 4.2",
        )
    return kept


def _known_grants(settings: IssuerSettings) -> frozenset[str]:
    """The grant types of the issuer, and ``implicit``, which no token endpoint sees, where response types need it."""
    in_front = settings.features & {names.IMPLICIT, names.HYBRID}
    return settings.grants | {names.IMPLICIT} if in_front else settings.grants


def _response_types(metadata: ClientMetadata, grants: list[str], settings: IssuerSettings) -> list[str]:
    wanted = metadata.response_types
    if wanted is None:
        wanted = ["code"] if names.AUTHORIZATION_CODE in grants else []
    offered = response_type.offered(settings.grants, settings.features)
    # as with grant_types: what the issuer does not have is left out, and the answer says what is registered
    kept = list(dict.fromkeys(name for each in wanted if (name := response_type.canonical(each)) in offered))
    if why := response_type.mismatch(kept, grants):
        raise InvalidClientMetadata(
            f"response_types is {quoted(', '.join(wanted))}, this issuer has: {', '.join(offered) or 'none'}; {why}",
            remedy="Leave response_types out, or make it fit grant_types and the issuer",
            section="RFC 7591 section 2.1",
            got=", ".join(wanted),
            expected=offered,
        )
    return kept


def _check_request_objects(metadata: ClientMetadata, settings: IssuerSettings) -> None:
    unsigned = ("none",) if names.UNSIGNED_REQUEST_OBJECTS in settings.features else ()
    allowed = (*names.KEY_ALGORITHMS, *unsigned) if names.REQUEST_OBJECTS in settings.features else ()
    algorithm = metadata.request_object_signing_alg
    if algorithm is not None and algorithm not in allowed:
        raise InvalidClientMetadata(
            f"request_object_signing_alg is {quoted(algorithm)}, this issuer has: {' '.join(allowed) or 'none'}",
            remedy="Register one of these, or leave it out",
            section="OpenID Connect Registration section 2",
            got=algorithm,
            expected=allowed,
        )
    for uri in metadata.request_uris or ():
        # a fragment may be the hash of the content (OpenID Connect Core section 6.2)
        addresses.check_web_address("request_uris", urldefrag(uri).url)


def _scope(metadata: ClientMetadata, settings: IssuerSettings, known: frozenset[str]) -> str | None:
    requested = scope.parse(metadata.scope)
    unknown = [name for name in requested if name not in known]
    if unknown and settings.unknown_scopes == "refuse":
        raise InvalidClientMetadata(
            f"scope holds {quoted(unknown[0])}, which is not in the seed",
            remedy="Add it under 'scopes' in the seed, leave it out, or set 'unknown_scopes: ignore' for the issuer",
            section=SECTION,
            got=unknown[0],
            expected=sorted(known),
        )
    return scope.join(name for name in requested if name in known) or None

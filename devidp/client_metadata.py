"""Client metadata (RFC 7591 section 2): one model for everything that a client says of itself.

Owns types, defaults and what is refused. A field that RFC 7591 does not define is ignored, as its section 2 demands;
a known field of the wrong type is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StrictStr, ValidationError

from devidp.oauth import jwk_set, names, redirect_uri, scope
from devidp.oauth.errors import InvalidClientMetadata, InvalidRedirectUri, quoted
from devidp.records import Client, IssuerSettings

SECTION = "RFC 7591 section 2"
MAX_REDIRECT_URIS = 50
MAX_TEXT = 2000


def _bounded(value: object) -> object:
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise ValueError(f"it has {len(value)} characters, at most {MAX_TEXT} are kept")
    return value


Text = Annotated[StrictStr, BeforeValidator(_bounded)]


class ClientMetadata(BaseModel):
    """The registered metadata of a client, in the names of RFC 7591 and OpenID Connect registration."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    redirect_uris: list[Text] = []
    token_endpoint_auth_method: Text = names.SECRET_BASIC
    grant_types: list[Text] = [names.AUTHORIZATION_CODE]
    response_types: list[Text] | None = None
    client_name: Text | None = None
    client_uri: Text | None = None
    logo_uri: Text | None = None
    scope: Text | None = None
    contacts: list[Text] | None = None
    tos_uri: Text | None = None
    policy_uri: Text | None = None
    software_id: Text | None = None
    software_version: Text | None = None
    application_type: Text | None = None
    token_endpoint_auth_signing_alg: Text | None = None
    jwks: dict[str, Any] | None = None
    jwks_uri: Text | None = None

    def public(self) -> dict[str, Any]:
        """The metadata as the registration answer echoes it: everything set, nothing that is not."""
        return self.model_dump(exclude_none=True)


def parse(data: Mapping[str, Any], settings: IssuerSettings, known_scopes: Iterable[str]) -> ClientMetadata:
    """Metadata as the issuer will honour it; raises InvalidRedirectUri or InvalidClientMetadata."""
    if "software_statement" in data:
        raise InvalidClientMetadata(
            "A software_statement came, and this issuer trusts nobody who signs them",
            remedy="Leave it out and send the metadata itself",
            section="RFC 7591 section 2.3",
        )
    try:
        metadata = ClientMetadata.model_validate({name: value for name, value in data.items() if value is not None})
    except ValidationError as error:
        raise _teach(error) from None
    _check_auth_method(metadata, settings)
    _check_keys(metadata)
    grants = _grants(metadata, settings)
    _check_redirect_uris(metadata, grants)
    return metadata.model_copy(
        update={
            "grant_types": grants,
            "response_types": _response_types(metadata, grants),
            "scope": _scope(metadata, settings, frozenset(known_scopes)),
        }
    )


def _teach(error: ValidationError) -> InvalidClientMetadata:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    return InvalidClientMetadata(
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
        )
    signing = {names.SECRET_JWT: names.SECRET_ALGORITHMS, names.PRIVATE_KEY_JWT: names.KEY_ALGORITHMS}.get(method, ())
    algorithm = metadata.token_endpoint_auth_signing_alg
    if algorithm is not None and signing and algorithm not in signing:
        raise InvalidClientMetadata(
            f"token_endpoint_auth_signing_alg is {quoted(algorithm)}, with {method} it can be: {' '.join(signing)}",
            remedy="Register one of these, or leave it out",
            section="OpenID Connect Registration section 2",
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
    parts = redirect_uri.split(metadata.jwks_uri or "https://unset.example")
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidClientMetadata(
            f"jwks_uri is {quoted(metadata.jwks_uri)}", remedy="Register an https URL", section=SECTION
        )


def _grants(metadata: ClientMetadata, settings: IssuerSettings) -> list[str]:
    # RFC 7591 section 2 lets the server replace values and section 3.2.1 has the answer say what was registered:
    # clients that list every grant they know can still register
    kept = [name for name in dict.fromkeys(metadata.grant_types) if name in settings.grants]
    if not kept:
        raise InvalidClientMetadata(
            f"grant_types is {quoted(' '.join(metadata.grant_types))}, this issuer has: "
            f"{' '.join(sorted(settings.grants))}",
            remedy="Register at least one of these",
            section=SECTION,
        )
    if metadata.token_endpoint_auth_method == names.NO_AUTHENTICATION and kept == [names.CLIENT_CREDENTIALS]:
        raise InvalidClientMetadata(
            "The grant client_credentials needs a client that authenticates, token_endpoint_auth_method is 'none'",
            remedy=f"Register {names.SECRET_BASIC}",
            section="OAuth 2.1 section 4.2",
        )
    return kept


def _response_types(metadata: ClientMetadata, grants: list[str]) -> list[str]:
    expected = ["code"] if names.AUTHORIZATION_CODE in grants else []
    wanted = expected if metadata.response_types is None else metadata.response_types
    if wanted != expected:
        raise InvalidClientMetadata(
            f"response_types is {quoted(' '.join(wanted))}, but with these grant_types it must be "
            f"{quoted(' '.join(expected))}",
            remedy="Leave response_types out, or make it fit grant_types",
            section="RFC 7591 section 2.1",
        )
    return expected


def _check_redirect_uris(metadata: ClientMetadata, grants: list[str]) -> None:
    uris = metadata.redirect_uris
    if names.AUTHORIZATION_CODE in grants and not uris:
        raise InvalidRedirectUri(
            "redirect_uris is missing or empty, and the grant authorization_code needs one",
            remedy="Register every redirect URI that the client uses",
        )
    if len(uris) > MAX_REDIRECT_URIS:
        raise InvalidRedirectUri(f"{len(uris)} redirect URIs came, at most {MAX_REDIRECT_URIS} are kept")
    for uri in uris:
        if why := redirect_uri.problem(uri):
            raise InvalidRedirectUri(f"The redirect URI {quoted(uri)} is refused: {why}", remedy="Change it")


def _scope(metadata: ClientMetadata, settings: IssuerSettings, known: frozenset[str]) -> str | None:
    requested = scope.parse(metadata.scope)
    unknown = [name for name in requested if name not in known]
    if unknown and settings.unknown_scopes == "refuse":
        raise InvalidClientMetadata(
            f"scope holds {quoted(unknown[0])}, which is not in the seed",
            remedy="Add it under 'scopes' in the seed, leave it out, or set 'unknown_scopes: ignore' for the issuer",
            section=SECTION,
        )
    return scope.join(name for name in requested if name in known) or None


def to_client(client_id: str, secret: str | None, metadata: Mapping[str, Any]) -> Client:
    """The record of a registered client.

    Its ``scope`` is what it gets when it asks for none, not a bound: a client that is told it needs a wider scope asks
    for it under the registration that it has.
    """
    requested = scope.parse(metadata.get("scope"))
    return Client(
        client_id=client_id,
        name=metadata.get("client_name") or client_id,
        secret=secret,
        auth_methods=frozenset({metadata["token_endpoint_auth_method"]}),
        auth_signing_alg=metadata.get("token_endpoint_auth_signing_alg"),
        jwks=metadata.get("jwks"),
        jwks_uri=metadata.get("jwks_uri"),
        redirect_uris=tuple(metadata["redirect_uris"]),
        grants=frozenset(metadata["grant_types"]),
        response_types=frozenset(metadata["response_types"]),
        default_scopes=requested or None,
        metadata=metadata,
        registered=True,
    )

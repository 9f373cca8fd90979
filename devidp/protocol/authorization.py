"""The authorization request (OAuth 2.1 section 4.1.1): what was asked, once checked."""

from __future__ import annotations

from typing import NamedTuple

from devidp.issuer import policy
from devidp.issuer.issuer import Issuer
from devidp.models import Client, IssuerSettings, Resource
from devidp.oauth import claims_request, confirmation, names, redirect_uri, response_type, scope
from devidp.oauth.claims_request import ClaimsRequest
from devidp.oauth.errors import (
    InvalidRequest,
    InvalidScope,
    OAuthError,
    UnauthorizedClient,
    UnsupportedResponseType,
    quoted,
)
from devidp.oauth.parameters import Parameters
from devidp.protocol import login_requirements, response_mode, target
from devidp.protocol.login_requirements import LoginRequirements
from devidp.protocol.models import ProtocolClient
from devidp.protocol.response_mode import AuthorizationResponse

SECTION = "OAuth 2.1 section 4.1.1"


class AuthorizationRequest(NamedTuple):
    """A checked authorization request; only the user's part is open."""

    parameters: Parameters
    client: Client
    redirect_uri: str
    response_type: frozenset[str]
    """Its parts: ``code``, ``token``, ``id_token``."""
    scope: tuple[str, ...]
    """What was asked for, or the default where nothing was."""
    resources: tuple[Resource, ...]
    claims: ClaimsRequest
    login: LoginRequirements


class RedirectedError(Exception):
    """A refusal that goes to the client (RFC 6749 section 4.1.2.1)."""

    def __init__(self, error: OAuthError, response: AuthorizationResponse) -> None:
        super().__init__(error.reason)
        self.error = error
        self.response = response


def refusal(issuer: Issuer, error: OAuthError, parameters: Parameters) -> OAuthError | RedirectedError:
    """``error`` for the client where ``parameters`` prove where answers go, otherwise for the user's eyes."""
    try:
        uri = prove_redirect_uri(known_client(issuer, parameters), parameters)
    except OAuthError:
        return error
    return RedirectedError(error, response_mode.respond(issuer, parameters, uri, error.body()))


def prove_redirect_uri(client: Client, parameters: Parameters) -> str:
    """Where answers go. Raised errors are for the user's eyes: nothing may be redirected yet."""
    check_not_repeated(parameters, "redirect_uri")
    requested = parameters.get("redirect_uri") or _only_redirect_uri(client, parameters)
    if client.may_redirect(requested, client.redirect_uris):
        return requested
    if client.redirects != "registered":
        raise InvalidRequest(
            f"The redirect URI {quoted(requested)} is refused for client {quoted(client.client_id)}, which nobody has "
            f"registered: {redirect_uri.problem(requested) or 'it is not on this machine'}",
            remedy="Send an address of this machine, or add the client with this one under 'clients' in the seed",
            section="OAuth 2.1 section 2.3.1",
            got=requested,
        )
    raise InvalidRequest(
        f"The redirect URI {quoted(requested)} is not registered for client {quoted(client.client_id)}, "
        f"which has: {' '.join(client.redirect_uris) or 'none'}",
        remedy="Send a registered one, character by character (the port of a loopback address may differ), "
        "or register this one",
        section="OAuth 2.1 section 2.3.1",
        got=requested,
        expected=redirect_uri.as_requested(client.redirect_uris, requested),
    )


def known_client(issuer: Issuer, parameters: Parameters) -> Client:
    """The client that ``client_id`` names."""
    check_not_repeated(parameters, "client_id")
    client_id = parameters.required("client_id", SECTION)
    client = issuer.client(client_id)
    if client is None:
        reason, remedy = issuer.unknown_client(client_id)
        near = issuer.clients_like(client_id)
        raise InvalidRequest(reason, remedy=remedy, section=SECTION, got=client_id, expected=near)
    return client


def _only_redirect_uri(client: Client, parameters: Parameters) -> str:
    only = ProtocolClient(client).get_default_redirect_uri()
    if only is None:
        count = len(client.redirect_uris)
        raise InvalidRequest(
            f"redirect_uri is missing, and client {quoted(client.client_id)} has {count} registered",
            remedy="Send one of the registered redirect URIs",
            section="OAuth 2.1 section 2.3",
        )
    if "openid" in scope.parse(parameters.get("scope")):
        raise InvalidRequest(
            "redirect_uri is missing, and OpenID Connect requires it",
            remedy=f"Send {only}",
            section=login_requirements.SECTION,
        )
    return only


def check_not_repeated(parameters: Parameters, *repeatable: str) -> None:
    for name in repeatable:
        if len(parameters.all(name)) > 1:
            raise InvalidRequest(f"The parameter {quoted(name)} came with different values", remedy="Send it once")


def request_object_algorithms(issuer: Issuer) -> tuple[str, ...]:
    """What request objects may be signed with."""
    unsigned = ("none",) if issuer.supports(names.UNSIGNED_REQUEST_OBJECTS) else ()
    return (*names.KEY_ALGORITHMS, *unsigned)


def response_types(issuer: Issuer) -> tuple[str, ...]:
    """The response types that are on."""
    return response_type.offered(issuer.settings.grants, issuer.settings.features)


def check_response_type(issuer: Issuer, client: Client, parameters: Parameters) -> str:
    """The response type as ``response_types`` writes it; raises UnsupportedResponseType, UnauthorizedClient."""
    asked = parameters.required("response_type", SECTION)
    known, offered = response_type.canonical(asked), response_types(issuer)
    if known is None or known not in offered:
        feature = response_type.RESPONSE_TYPES.get(known or "")
        switch = f", or set 'features: {{{feature}: true}}' for the issuer in the seed" if feature else ""
        raise UnsupportedResponseType(
            f"response_type is {quoted(asked)}, this issuer has: {', '.join(offered) or 'none'}",
            remedy=f"Send response_type=code{switch}",
            got=asked,
            expected=offered,
        )
    if known not in client.response_types:
        raise UnauthorizedClient(
            f"Client {quoted(client.client_id)} may not use response_type {quoted(known)}, "
            f"it has: {', '.join(sorted(client.response_types))}",
            remedy="Add it to response_types of the client in the seed, or register the client with it",
            section="RFC 6749 section 4.1.2.1",
            got=known,
            expected=sorted(client.response_types),
        )
    return known


def check(issuer: Issuer, client: Client, parameters: Parameters, uri: str) -> AuthorizationRequest:
    """What Authlib does not check: scopes, resources, claims, and login requirements."""
    kind = response_type.parts(parameters["response_type"])
    resources = target.resources(issuer, parameters)
    known = issuer.audience_resources(issuer.audience(client, tuple(resource.uri for resource in resources)))
    settings = issuer.settings_for(client)
    requested = policy.parse_request(parameters.get("scope"), issuer.seed, settings)
    _check_id_token(kind, parameters, requested)
    if issuer.supports(names.DPOP):
        _check_thumbprint(parameters)
    if "token" in kind and client.dpop_bound and issuer.supports(names.DPOP):
        raise InvalidRequest(
            f"Client {quoted(client.client_id)} takes bound tokens only, and one that comes from here cannot be bound",
            remedy="Send response_type=code, and get the token with a proof",
            section="RFC 9449 section 5.2",
        )
    claims = ClaimsRequest()
    if "openid" in requested and issuer.supports(names.CLAIMS_PARAMETER):
        claims = claims_request.parse(parameters.get("claims"))
    return AuthorizationRequest(
        parameters=parameters,
        client=client,
        redirect_uri=uri,
        response_type=kind,
        scope=_with_offline_access(
            settings, parameters, requested or policy.default_scopes(issuer.seed, issuer.settings, client, known)
        ),
        resources=resources,
        claims=claims,
        login=login_requirements.parse(issuer, client, parameters, claims),
    )


def _with_offline_access(settings: IssuerSettings, parameters: Parameters, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """OpenID Connect Core section 11: without prompt=consent offline_access is ignored, where the issuer is strict."""
    asked = "consent" in parameters.get("prompt", "").split()
    if asked or settings.refresh_tokens != "offline_access":
        return wanted
    return tuple(name for name in wanted if name != "offline_access")


def _check_id_token(kind: frozenset[str], parameters: Parameters, requested: tuple[str, ...]) -> None:
    if "id_token" not in kind:
        return
    if "openid" not in requested:
        raise InvalidScope(
            f"response_type is {quoted(parameters['response_type'])}, and the scope {quoted(' '.join(requested))} "
            "does not hold openid",
            remedy="Send the scope openid",
            section="OpenID Connect Core section 3.2.2.1",
        )
    if "nonce" not in parameters:
        raise InvalidRequest(
            "The parameter 'nonce' is missing, and an ID token comes from the authorization endpoint",
            remedy="Send a random nonce, and compare it with that of the ID token",
            section="OpenID Connect Core section 3.2.2.1 and 3.3.2.11",
        )


def _check_thumbprint(parameters: Parameters) -> None:
    named = parameters.get("dpop_jkt")
    if named is not None and not confirmation.is_thumbprint(named):
        raise InvalidRequest(
            f"dpop_jkt is {quoted(named)}, expected the SHA-256 thumbprint of a key, 43 characters of base64url",
            remedy="Send the thumbprint of the key that signs the proof at the token endpoint (RFC 7638)",
            section="RFC 9449 section 10",
        )

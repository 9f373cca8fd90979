"""The authorization request (OAuth 2.1 section 4.1.1): what was asked, once checked, and the answer to it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from devidp import policy
from devidp.issuer import Issuer, random_token
from devidp.oauth import names
from devidp.oauth import redirect_uri as redirect
from devidp.oauth.errors import InvalidRequest, OAuthError, quoted
from devidp.oauth.parameters import Parameters
from devidp.protocol.models import ProtocolClient
from devidp.records import AuthorizationCode, Client, Resource, User

SECTION = "OAuth 2.1 section 4.1.1"
PROMPTS = frozenset({"none", "login", "consent", "select_account"})
GRANT_ID_BYTES = 12
MAX_AGE_DIGITS = 12


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A checked authorization request; only the user's part is open."""

    parameters: Parameters
    client: Client
    redirect_uri: str
    scope: tuple[str, ...]
    """What was asked for, or the default where nothing was."""
    resources: tuple[Resource, ...]
    prompt: frozenset[str]
    max_age: int | None

    @property
    def state(self) -> str | None:
        return self.parameters.get("state")


class RedirectedError(Exception):
    """A refusal that goes to the client: ``location`` is its redirect URI with the error (RFC 6749 section 4.1.2.1)."""

    def __init__(self, error: OAuthError, location: str) -> None:
        super().__init__(error.reason)
        self.error = error
        self.location = location


def error_location(issuer: Issuer, error: OAuthError, redirect_uri: str, state: str | None) -> str:
    return _location(issuer, redirect_uri, error.body(), state)


def _location(issuer: Issuer, redirect_uri: str, answer: dict[str, str], state: str | None) -> str:
    """``answer`` with ``state``, and ``iss`` in every response (RFC 9207 section 2)."""
    echoed = {} if state is None else {"state": state}
    return redirect.with_query(redirect_uri, {**answer, **echoed, "iss": issuer.url})


def proven_redirect_uri(issuer: Issuer, parameters: Parameters) -> tuple[Client, str]:
    """The client and where answers go. Raised errors are for the user's eyes: nothing may be redirected yet."""
    parameters_once(parameters, "client_id", "redirect_uri")
    client_id = parameters.required("client_id", SECTION)
    client = issuer.client(client_id)
    if client is None:
        raise InvalidRequest(
            f"Client {quoted(client_id)} is not known to issuer {issuer.url}",
            remedy="Check client_id, register the client at this issuer, or add it under 'clients' in the seed",
            section=SECTION,
        )
    requested = parameters.get("redirect_uri") or ProtocolClient(client).get_default_redirect_uri()
    if requested is None:
        raise InvalidRequest(
            f"redirect_uri is missing, and client {quoted(client_id)} has {len(client.redirect_uris)} registered",
            remedy="Send one of the registered redirect URIs",
            section="OAuth 2.1 section 2.3",
        )
    if redirect.find(client.redirect_uris, requested) is None:
        raise InvalidRequest(
            f"The redirect URI {quoted(requested)} is not registered for client {quoted(client_id)}, "
            f"which has: {' '.join(client.redirect_uris) or 'none'}",
            remedy="Send a registered one, character by character (the port of a loopback address may differ), "
            "or register this one",
            section="OAuth 2.1 section 2.3.1",
        )
    return client, requested


def parameters_once(parameters: Parameters, *names: str) -> None:
    for name in names:
        if len(parameters.all(name)) > 1:
            raise InvalidRequest(f"The parameter {quoted(name)} came with different values", remedy="Send it once")


def checked(issuer: Issuer, grant_request: Any) -> AuthorizationRequest:
    """The parts that Authlib does not check: scopes, resources, prompt, and what devidp does not support."""
    parameters: Parameters = grant_request.parameters
    client: Client = grant_request.client.record
    resources = tuple(issuer.find_resource(uri) for uri in parameters.all("resource"))
    named = tuple(resource.uri for resource in resources)
    known = issuer.audience_resources(issuer.audience(client, named))
    requested = policy.parse_request(parameters.get("scope"), issuer.seed, issuer.settings)
    return AuthorizationRequest(
        parameters=parameters,
        client=client,
        redirect_uri=grant_request.redirect_to,
        scope=requested or policy.default_scopes(issuer.seed, issuer.settings, client, known),
        resources=resources,
        prompt=_prompt(parameters),
        max_age=_max_age(parameters),
    )


def _prompt(parameters: Parameters) -> frozenset[str]:
    values = frozenset((parameters.get("prompt") or "").split())
    if unknown := values - PROMPTS:
        raise InvalidRequest(
            f"prompt holds {quoted(min(unknown))}, this issuer has: {' '.join(sorted(PROMPTS))}",
            remedy="Send one of these",
            section="OpenID Connect Core section 3.1.2.1",
        )
    if "none" in values and len(values) > 1:
        raise InvalidRequest(
            f"prompt is {quoted(parameters['prompt'])}: none cannot be combined",
            remedy="Send prompt=none alone",
            section="OpenID Connect Core section 3.1.2.1",
        )
    return values


def _max_age(parameters: Parameters) -> int | None:
    text = parameters.get("max_age")
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > MAX_AGE_DIGITS:
        raise InvalidRequest(
            f"max_age is {quoted(text)}, expected seconds",
            remedy="Send a number such as 3600",
            section="OpenID Connect Core section 3.1.2.1",
        )
    return int(text)


def grant_code(
    issuer: Issuer, request: AuthorizationRequest, user: User, auth_time: int, scope: tuple[str, ...], flow: str
) -> str:
    """Store a new code, and the redirect that brings it to the client (OAuth 2.1 section 4.1.2)."""
    code, parameters = random_token(), request.parameters
    challenge = parameters.get("code_challenge")
    issuer.store.add_code(
        code,
        AuthorizationCode(
            grant_id=f"{flow}{secrets.token_urlsafe(GRANT_ID_BYTES)}",
            client_id=request.client.client_id,
            username=user.username,
            redirect_uri=request.redirect_uri,
            redirect_uri_sent="redirect_uri" in parameters,
            scope=scope,
            resources=tuple(resource.uri for resource in request.resources),
            code_challenge=challenge,
            code_challenge_method=parameters.get("code_challenge_method", "plain") if challenge else None,
            nonce=parameters.get("nonce"),
            state=request.state,
            auth_time=auth_time,
            expires_at=issuer.clock.seconds() + issuer.lifetimes(request.client).authorization_code,
            jkt=parameters.get("dpop_jkt") if issuer.supports(names.DPOP) else None,
        ),
    )
    return _location(issuer, request.redirect_uri, {"code": code}, request.state)

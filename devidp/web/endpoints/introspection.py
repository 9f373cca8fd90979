"""Token introspection (RFC 7662): what a token is worth at this moment."""

from __future__ import annotations

from functools import partial
from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import names, scope
from devidp.oauth.errors import InvalidClient, quoted, shortened
from devidp.oauth.identifiers import flow_of, grant_of, is_of_user
from devidp.oauth.parameters import Parameters
from devidp.protocol import Server
from devidp.system.event_log import Facts
from devidp.web.context import Context
from devidp.web.endpoints.access_token import check_bearer
from devidp.web.endpoints.token_type_hint import look_up
from devidp.web.response import NO_STORE, Response, json_response

SECTION = "RFC 7662 section 2.1"
SIGNED_TYPE = "application/token-introspection+jwt"


def introspect(server: Server, context: Context) -> Response:
    form = context.request.form_parameters()
    form.refuse_repeated()
    client = _caller(server, context, form)
    access, refresh = partial(access_token, server.issuer, context.facts), partial(refresh_token, server.issuer)
    found = look_up(form, context.facts, SECTION, access_token=access, refresh_token=refresh)
    answer = _with_scope(form.get("scope"), found or {"active": False}, context.facts)
    context.facts.user = str(answer.get("username", ""))
    context.facts.outcome = "active" if answer["active"] else "inactive"
    return _answer(server.issuer, client, context, answer)


def _with_scope(required: str | None, answer: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """``answer``, or that the token is inactive where it lacks a ``required`` scope: a parameter of Ory Hydra."""
    granted = str(answer.get("scope", "")).split()
    missing = [name for name in (required or "").split() if name not in granted]
    if not answer["active"] or not missing:
        return answer
    facts.detail = f"the request requires {quoted(' '.join(missing))}, which the token lacks"
    return {"active": False}


def _caller(server: Server, context: Context, form: Parameters) -> Client | None:
    """The client that asks; ``None`` for a bearer token in its place, and where the issuer answers everybody.

    Who may ask must be known, or the endpoint tells strangers which tokens live (RFC 7662 section 2.1).
    """
    request, settings = context.request, server.issuer.settings
    if settings.introspection_token is not None and request.bearer_token() is not None:
        check_bearer(settings.introspection_token, context, "Introspection", "introspection.bearer_token", SECTION)
        return None
    if settings.open_introspection:
        return server.engine.shown_client(form, request.headers, context.facts)
    client = server.engine.client_of(form, request.headers, context.facts)
    if client.public:
        raise InvalidClient(
            f"Client '{client.client_id}' is public, and introspection needs a client that authenticates",
            remedy="Use a client with a secret, or set 'introspection: {open: true}' for the issuer in the seed",
            section=SECTION,
        )
    return client


def _answer(issuer: Issuer, client: Client | None, context: Context, answer: dict[str, Any]) -> Response:
    """Plain, or as a JWT for a client that asks for one (RFC 9701 sections 4 and 5)."""
    asked = SIGNED_TYPE in context.request.headers.get("accept", "").lower()
    if not asked or not issuer.supports(names.SIGNED_INTROSPECTION):
        return json_response(answer)
    if client is None:
        raise InvalidClient(
            "The answer is to be a JWT, whose audience is the client that asks, and the request shows no client",
            remedy="Authenticate as a client, or accept application/json",
            section="RFC 9701 section 5",
        )
    members = {"iat": issuer.clock.seconds(), "token_introspection": answer}
    signed = issuer.signed_answer("token-introspection+jwt", client.introspection_signed_response_alg, client, members)
    return Response(signed, headers={"Content-Type": SIGNED_TYPE, **NO_STORE})


def access_token(issuer: Issuer, facts: Facts, token: str) -> dict[str, Any] | None:
    """What is answered of an access token; ``None`` for one that is not good, or for anything else."""
    claims = issuer.read_access_token(token)
    if claims is None:
        return None
    facts.flow, audience = flow_of(grant_of(claims)), claims.get("aud", "")
    # whoever mints a token may have chosen anything
    facts.token_audience = shortened(" ".join(map(str, audience)) if isinstance(audience, list) else str(audience))
    said, amended = issuer.store.amendments.find(token, claims["jti"])
    # of a token of another shape, what it says, and the members of RFC 7662 section 2.2 that it may not have
    standard = {"token_type": "DPoP" if "cnf" in claims else "Bearer"} | {
        name: claims[name] for name in ("client_id", "scope")
    }
    answer = {"active": True, **claims, **said, **standard}
    if is_of_user(claims):
        user = issuer.user_of(claims)
        if user is None or user.disabled:
            return None
        answer["username"] = user.username
    answer |= amended
    return answer if answer["active"] else None


def refresh_token(issuer: Issuer, token: str) -> dict[str, Any] | None:
    """The same of a refresh token."""
    record = issuer.read_refresh_token(token)
    client = issuer.client(record.client_id) if record else None
    if record is None or client is None:
        return None
    user = issuer.user(record.username)
    if user is None or user.disabled:
        return None
    bound = {} if record.jkt is None else {"cnf": {"jkt": record.jkt}}
    return {
        "active": True,
        # RFC 7662 section 2.2: how it is presented; what it is has no member there, and must not pass for access
        "token_type": "DPoP" if bound else "Bearer",
        "token_use": "refresh_token",
        "iss": issuer.url,
        "client_id": record.client_id,
        "username": user.username,
        "sub": issuer.subject(user, client),
        "scope": scope.join(record.scope),
        "exp": record.expires_at,
        **bound,
    }

"""The answer to an authorization request that was granted: a code, tokens, or both (OpenID Connect Core section 3)."""

from __future__ import annotations

import secrets
from typing import Any

from devidp.issuer import Issuer, random_token
from devidp.oauth import names
from devidp.protocol import response_mode
from devidp.protocol.authorization import AuthorizationRequest
from devidp.protocol.response_mode import Answer
from devidp.records import Authorization, AuthorizationCode, Login, Session, User

GRANT_ID_BYTES = 12


def grant(
    issuer: Issuer, request: AuthorizationRequest, user: User, session: Session, scope: tuple[str, ...], flow: str
) -> Answer:
    """What the response type asks for: a code, which is stored, and tokens."""
    grant_id = f"{flow}{secrets.token_urlsafe(GRANT_ID_BYTES)}"
    if session.sid:
        login = Login(request.client.client_id, grant_id, offline="offline_access" in scope)
        issuer.store.logins.add(session.sid, login, session.expires_at)
    result: dict[str, Any] = {}
    code = random_token() if "code" in request.response_type else None
    if code is not None:
        result["code"] = code
        issuer.store.add_code(code, _code(issuer, request, user, session, scope, grant_id))
    if request.response_type != {"code"}:
        authorization = _authorization(issuer, request, user, session, scope, grant_id)
        result |= issuer.issue_in_front(authorization, request.response_type, code)
    texts = {name: str(value) for name, value in result.items()}
    return response_mode.answer(issuer, request.parameters, request.redirect_uri, texts)


def _code(
    issuer: Issuer, request: AuthorizationRequest, user: User, session: Session, scope: tuple[str, ...], grant_id: str
) -> AuthorizationCode:
    parameters = request.parameters
    challenge = parameters.get("code_challenge")
    return AuthorizationCode(
        grant_id=grant_id,
        client_id=request.client.client_id,
        username=user.username,
        redirect_uri=request.redirect_uri,
        redirect_uri_sent="redirect_uri" in parameters,
        scope=scope,
        resources=tuple(resource.uri for resource in request.resources),
        code_challenge=challenge,
        code_challenge_method=parameters.get("code_challenge_method", "plain") if challenge else None,
        nonce=parameters.get("nonce"),
        state=parameters.get("state"),
        auth_time=session.auth_time,
        expires_at=issuer.clock.seconds() + issuer.lifetimes(request.client).authorization_code,
        jkt=parameters.get("dpop_jkt") if issuer.supports(names.DPOP) else None,
        acr=request.login.acr,
        amr=session.amr,
        sid=session.sid,
        id_token_claims=tuple(request.claims.id_token),
        userinfo_claims=tuple(request.claims.userinfo),
    )


def _authorization(
    issuer: Issuer, request: AuthorizationRequest, user: User, session: Session, scope: tuple[str, ...], grant_id: str
) -> Authorization:
    return Authorization(
        client=request.client,
        grant_type=names.IMPLICIT,
        scope=scope,
        audience=issuer.audience(request.client, tuple(resource.uri for resource in request.resources)),
        user=user,
        grant_id=grant_id,
        auth_time=session.auth_time,
        nonce=request.parameters.get("nonce"),
        state=request.parameters.get("state"),
        acr=request.login.acr,
        amr=session.amr,
        sid=session.sid,
        id_token_claims=tuple(request.claims.id_token),
        userinfo_claims=tuple(request.claims.userinfo),
    )

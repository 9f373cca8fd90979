"""The answer to an authorization request that was granted: a code, tokens, or both (OpenID Connect Core section 3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from devidp.issuer import authentication
from devidp.issuer.issuer import Issuer
from devidp.models import Authorization, AuthorizationCode, LoginFacts, Session, User
from devidp.oauth import names
from devidp.oauth.identifiers import new_grant, random_token
from devidp.protocol import response_mode, step_up
from devidp.protocol.authorization import AuthorizationRequest
from devidp.protocol.response_mode import AuthorizationResponse


@dataclass(frozen=True, slots=True)
class GrantedRequest:
    """What a user has granted to a request."""

    request: AuthorizationRequest
    user: User
    session: Session
    scope: tuple[str, ...]
    grant_id: str
    code: str | None
    acr: str | None
    """The class that the login has reached."""
    faults: list[str] = field(default_factory=list)
    """Names of the armed faults that its tokens have."""

    def login_facts(self) -> dict[str, Any]:
        """What code and tokens remember of the login."""
        claims, session = self.request.claims, self.session
        return LoginFacts(
            state=self.request.parameters.get("state"),
            acr=self.acr,
            amr=session.amr,
            sid=session.sid,
            id_token_claims=tuple(claims.id_token),
            userinfo_claims=tuple(claims.userinfo),
        ).login_facts()

    def resources(self) -> tuple[str, ...]:
        return tuple(resource.uri for resource in self.request.resources)


def store(
    issuer: Issuer, request: AuthorizationRequest, user: User, session: Session, scope: tuple[str, ...], flow: str
) -> GrantedRequest:
    """Store what was granted, and the code that answers for it where the response type asks for one."""
    code = random_token() if "code" in request.response_type else None
    acr = authentication.acr(issuer.settings, session.amr, request.login.classes)
    granted = GrantedRequest(request, user, session, scope, new_grant(flow), code, acr)
    issuer.add_grant(granted.grant_id, request.client, user, scope, session.sid)
    step_up.remember(issuer, request, user, scope, granted.grant_id)
    if code is not None:
        issuer.store.add_code(code, _code(issuer, granted))
    return granted


def respond(issuer: Issuer, granted: GrantedRequest) -> AuthorizationResponse:
    """What the response type asks for: a code, tokens, or both."""
    request, code = granted.request, granted.code
    result: dict[str, Any] = {} if code is None else {"code": code}
    if request.response_type != {"code"}:
        result |= issuer.issue_in_front(_authorization(issuer, granted), request.response_type, code)
    texts = {name: str(value) for name, value in result.items()}
    return response_mode.respond(issuer, request.parameters, request.redirect_uri, texts)


def _code(issuer: Issuer, granted: GrantedRequest) -> AuthorizationCode:
    request, parameters = granted.request, granted.request.parameters
    challenge = parameters.get("code_challenge")
    return AuthorizationCode(
        grant_id=granted.grant_id,
        client_id=request.client.client_id,
        username=granted.user.username,
        redirect_uri=request.redirect_uri,
        redirect_uri_sent="redirect_uri" in parameters,
        scope=granted.scope,
        resources=granted.resources(),
        code_challenge=challenge,
        code_challenge_method=parameters.get("code_challenge_method", "plain") if challenge else None,
        nonce=parameters.get("nonce"),
        access_type=parameters.get("access_type", ""),
        auth_time=granted.session.auth_time,
        expires_at=issuer.clock.seconds() + issuer.lifetimes(request.client).authorization_code,
        jkt=parameters.get("dpop_jkt") if issuer.supports(names.DPOP) else None,
        **granted.login_facts(),
    )


def _authorization(issuer: Issuer, granted: GrantedRequest) -> Authorization:
    return Authorization(
        client=granted.request.client,
        grant_type=names.IMPLICIT,
        scope=granted.scope,
        audience=issuer.audience(granted.request.client, granted.resources()),
        user=granted.user,
        grant_id=granted.grant_id,
        auth_time=granted.session.auth_time,
        nonce=granted.request.parameters.get("nonce"),
        faults=granted.faults,
        **granted.login_facts(),
    )

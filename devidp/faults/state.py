"""Faults of state: the token itself is valid, but the issuer has withdrawn it (RFC 7662, RFC 7009)."""

from __future__ import annotations

import secrets
from typing import Any

from devidp.faults.case import Case
from devidp.faults.registry import Group
from devidp.keys.tokens import Draft

group = Group("state")


@group.fault("RFC 7009 section 2.1")
def revoked(case: Case) -> Draft:
    """The token has been revoked and has not expired; only introspection can tell."""
    case.issuer.store.revoke(case.claim("jti", str), case.claim("exp", int))
    return case.draft


@group.fault("RFC 7009 section 2.1")
def grant_revoked(case: Case) -> Draft:
    """The authorization behind the token has been revoked; only introspection can tell."""
    jti, grant_id = case.claim("jti", str), case.authorization.grant_id
    if grant_id is None:
        grant_id = secrets.token_urlsafe(16)
        jti = f"{grant_id}.{jti}"
    case.issuer.store.revoke(grant_id, case.claim("exp", int))
    return case.with_claim("jti", jti)


@group.fault("RFC 7662 section 2.2")
def user_disabled(case: Case) -> Draft:
    """The user has been disabled since the token was issued, and stays so; only introspection can tell."""
    case.user_sub()
    assert case.authorization.user is not None
    case.issuer.host.disable_user(case.issuer.name, case.authorization.user.username)
    return case.draft


@group.fault("RFC 7662 section 2.2")
def introspection_inactive(case: Case) -> Draft:
    """Introspection says that the token is inactive, without a reason."""
    return _amended(case, {"active": False})


@group.fault("RFC 7662 section 2.2", status=403)
def introspection_narrower(case: Case) -> Draft:
    """Introspection no longer reports any scope of the resource, while the token still has them."""
    return _amended(case, {"scope": "openid"})


@group.fault("RFC 7662 section 2.2", status=403)
def introspection_other_sub(case: Case) -> Draft:
    """Introspection says that the token belongs to another user."""
    other = case.other_user()
    return _amended(case, {"sub": other.sub, "username": other.username})


@group.fault("RFC 7662 section 4")
def introspection_other_audience(case: Case) -> Draft:
    """Introspection says that the token is for another resource server."""
    return _amended(case, {"aud": "https://api.invalid/"})


def _amended(case: Case, members: dict[str, Any]) -> Draft:
    case.issuer.store.amendments.add(case.claim("jti", str), members, case.claim("exp", int))
    return case.draft

"""Faults of state: the token itself is valid, but the issuer has withdrawn it (RFC 7662, RFC 7009)."""

from __future__ import annotations

from typing import Any

from devidp.faults.case import Case
from devidp.faults.registry import Group
from devidp.keys.tokens import Draft
from devidp.oauth.identifiers import grant_of, new_grant

group = Group("state", evidence="context")


@group.fault("RFC 7009 section 2.1")
def revoked(case: Case) -> Draft:
    """The token has been revoked and has not expired; only introspection can tell."""
    case.issuer.store.revoke(*_id_and_end(case))
    return case.draft


@group.fault("RFC 7009 section 2.1")
def grant_revoked(case: Case) -> Draft:
    """The authorization behind the token has been revoked; only introspection can tell."""
    return _ended(case)


@group.fault("RFC 7662 section 2.2")
def user_disabled(case: Case) -> Draft:
    """The issuer has disabled the user behind the token, and stands by no token of this authorization any more."""
    case.user_sub()
    # the user goes on elsewhere: another test may have logged in as the same one
    return _ended(case)


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
    said, other = case.draft.claims.get("aud"), "https://api.invalid/"
    return _amended(case, {"aud": [other] if isinstance(said, list) else other})


def _ended(case: Case) -> Draft:
    """The token of an authorization that is revoked."""
    jti, grant_id = _id_and_end(case)[0], grant_of(case.draft.meant)
    if grant_id is not None:
        case.issuer.store.grants.end(grant_id)
        return case.draft
    ended = f"{new_grant()}.{jti}"  # one that is not stored has ended
    shaping = case.draft.shaping
    if shaping is None or (shaping.whole and not shaping.opaque):
        return case.with_claim("jti", ended)
    # the row says it, whatever the token says
    return case.draft._replace(shaping=shaping._replace(standard={**shaping.standard, "jti": ended}))


def _amended(case: Case, members: dict[str, Any]) -> Draft:
    jti, exp = _id_and_end(case)
    case.issuer.store.amendments.add(jti, members, exp)
    return case.draft


def _id_and_end(case: Case) -> tuple[str, int]:
    """By what the issuer knows the token, and when it ends; raises MintRefused where it was told to leave it out."""
    meant = case.draft.meant
    for name, kind in (("jti", str), ("exp", int)):
        if not isinstance(meant.get(name), kind):
            raise case.not_applicable(f"there is no {name} that the issuer gave", f"Leave {name} as it is")
    return meant["jti"], meant["exp"]

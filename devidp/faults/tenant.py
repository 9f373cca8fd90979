"""Faults of tenancy: a valid token of another tenant (RFC 9700 section 4.9, RFC 9068 section 5)."""

from __future__ import annotations

from devidp.faults import foreign
from devidp.faults.case import Case
from devidp.faults.registry import Group
from devidp.keys.tokens import Draft

PRIVATE = "RFC 9068 section 2.2.2"
group = Group("tenant", status=403, evidence="context")


@group.fault(PRIVATE)
def tenant_missing(case: Case) -> Draft:
    """The tenant claim is missing."""
    return case.without_claim(case.tenant_claim())


@group.fault(PRIVATE)
def tenant_empty(case: Case) -> Draft:
    """The tenant claim is an empty string."""
    return case.with_claim(case.tenant_claim(), "")


@group.fault(PRIVATE)
def tenant_null(case: Case) -> Draft:
    """The tenant claim is null."""
    return case.with_claim(case.tenant_claim(), None)


@group.fault(PRIVATE)
def tenant_other(case: Case) -> Draft:
    """The tenant claim names another tenant."""
    return case.with_claim(case.tenant_claim(), _other_tenant(case))


@group.fault(PRIVATE)
def tenant_array(case: Case) -> Draft:
    """The tenant claim is an array of the right tenant and another."""
    name = case.tenant_claim()
    return case.with_claim(name, [case.claim(name, object), _other_tenant(case)])


@group.fault(PRIVATE)
def tenant_case(case: Case) -> Draft:
    """The tenant claim has upper and lower case swapped."""
    name = case.tenant_claim()
    return case.with_claim(name, case.claim(name, str).swapcase())


@group.fault("RFC 8725 section 3.8")
def tenant_contradicts_issuer(case: Case) -> Draft:
    """The tenant claim names the tenant of another issuer of the server, while `iss` is this one."""
    other = case.other_issuer()
    return case.with_claim(case.tenant_claim(), "another-issuer" if other is None else other.name)


@group.fault("RFC 8725 section 3.8", status=401, evidence="token")
def tenant_key(case: Case) -> Draft:
    """The key of another issuer of the server signed, under the `kid` of this issuer's key."""
    other = case.other_issuer()
    key = None if other is None else case.issuer.host.signing_key(other.name)
    if key is None or key.algorithm != case.draft.key.algorithm:
        key = foreign.unrelated_key(case.draft.key.algorithm)
    return case.with_key(key)


def _other_tenant(case: Case) -> str:
    """The tenant of another user of the seed, or a made-up one."""
    name = case.tenant_claim()
    tenants = (str(user.claims[name]) for user in case.issuer.settings.users.values() if name in user.claims)
    return next((tenant for tenant in tenants if tenant != case.claim(name, object)), "another-tenant")

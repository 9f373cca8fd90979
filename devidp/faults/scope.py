"""Faults of scope: a valid token that does not allow this (RFC 6750 section 3.1, RFC 8693 section 4.2)."""

from __future__ import annotations

from devidp.faults.case import Case
from devidp.faults.registry import Group
from devidp.keys.tokens import Draft
from devidp.oauth.names import OPENID_SCOPES

NEEDED = "RFC 6750 section 3.1"
STRING = "RFC 8693 section 4.2"
group = Group("scope", status=403)


@group.fault(NEEDED)
def scope_missing(case: Case) -> Draft:
    """`scope` is missing."""
    return case.without_claim("scope")


@group.fault(NEEDED)
def scope_empty(case: Case) -> Draft:
    """`scope` is an empty string."""
    return case.with_claim("scope", "")


@group.fault(STRING)
def scope_null(case: Case) -> Draft:
    """`scope` is null."""
    return case.with_claim("scope", None)


@group.fault(STRING, level="should")
def scope_array(case: Case) -> Draft:
    """`scope` is an array, while every standard has a space-separated string."""
    return case.with_claim("scope", _scopes(case))


@group.fault(STRING)
def scope_number(case: Case) -> Draft:
    """`scope` is a number."""
    return case.with_claim("scope", 42)


@group.fault(STRING, level="should")
def scope_comma_separated(case: Case) -> Draft:
    """`scope` has commas in place of spaces."""
    return case.with_claim("scope", ",".join([*_scopes(case), "another:scope"]))


@group.fault(STRING, level="should")
def scp_string(case: Case) -> Draft:
    """The scopes are in `scp` as a string, as other vendors have it."""
    return _renamed(case, " ".join(_scopes(case)))


@group.fault(STRING, level="should")
def scp_array(case: Case) -> Draft:
    """The scopes are in `scp` as an array, as other vendors have it."""
    return _renamed(case, _scopes(case))


@group.fault("RFC 6749 section 3.3")
def scope_case(case: Case) -> Draft:
    """`scope` has upper and lower case swapped, and scopes are case-sensitive."""
    return case.with_claim("scope", " ".join(_scopes(case)).swapcase())


@group.fault(NEEDED)
def scope_prefix(case: Case) -> Draft:
    """Each scope has an unexpected prefix."""
    return case.with_claim("scope", " ".join(f"other:{name}" for name in _scopes(case)))


@group.fault(NEEDED)
def scope_longer(case: Case) -> Draft:
    """Each scope has more letters at the end: it contains what is needed but is something else."""
    return case.with_claim("scope", " ".join(f"{name}s-none" for name in _scopes(case)))


@group.fault(NEEDED)
def scope_wildcard(case: Case) -> Draft:
    """`scope` has a wildcard instead of the scope itself."""
    families = dict.fromkeys(name.partition(":")[0] for name in _scopes(case))
    return case.with_claim("scope", " ".join(f"{name}:*" for name in families))


@group.fault(NEEDED)
def scope_of_login_only(case: Case) -> Draft:
    """`scope` is openid profile: enough to log in, but for nothing at the resource."""
    return case.with_claim("scope", "openid profile")


@group.fault(NEEDED)
def scope_in_roles(case: Case) -> Draft:
    """`scope` is missing, and `roles` holds the scopes."""
    return _renamed(case, _scopes(case), "roles")


def _scopes(case: Case) -> list[str]:
    """The scopes that mean something at the resource; raises MintRefused where there are none."""
    named = [name for name in case.claim("scope", str).split(" ") if name and name not in OPENID_SCOPES]
    if not named:
        raise case.not_applicable("the token has no scope of a resource", "Ask for a scope beside those of a login")
    return named


def _renamed(case: Case, value: str | list[str], name: str = "scp") -> Draft:
    draft = case.without_claim("scope")
    draft.claims[name] = value
    return draft

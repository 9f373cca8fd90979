"""Faults of scope: a valid token that does not allow this (RFC 6750 section 3.1, RFC 8693 section 4.2)."""

from __future__ import annotations

import re

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
    return _with_scopes(case, [])


@group.fault(STRING)
def scope_null(case: Case) -> Draft:
    """`scope` is null."""
    return case.with_claim("scope", None)


@group.fault(STRING, level="should")
def scope_array(case: Case) -> Draft:
    """`scope` is an array, while every standard has a space-separated string."""
    return case.with_claim("scope", _every_scope(case))


@group.fault(STRING)
def scope_number(case: Case) -> Draft:
    """`scope` is a number."""
    return case.with_claim("scope", 42)


@group.fault(STRING, level="should")
def scope_comma_separated(case: Case) -> Draft:
    """`scope` has commas in place of spaces."""
    case.claim("scope", str)
    return case.with_claim("scope", ",".join([*_scopes(case), "another:scope"]))


@group.fault(STRING, level="should")
def scp_string(case: Case) -> Draft:
    """The scopes are in `scp` as a string, as other vendors have it."""
    return _moved(case, " ".join(_every_scope(case)))


@group.fault(STRING, level="should")
def scp_array(case: Case) -> Draft:
    """The scopes are in `scp` as an array, as other vendors have it."""
    return _moved(case, _every_scope(case))


@group.fault("RFC 6749 section 3.3")
def scope_case(case: Case) -> Draft:
    """`scope` has upper and lower case swapped, and scopes are case-sensitive."""
    return _with_scopes(case, [name.swapcase() for name in _scopes(case)])


@group.fault(NEEDED)
def scope_prefix(case: Case) -> Draft:
    """Each scope has an unexpected prefix."""
    return _with_scopes(case, [f"other:{name}" for name in _scopes(case)])


@group.fault(NEEDED)
def scope_longer(case: Case) -> Draft:
    """Each scope has more letters at the end: it contains what is needed but is something else."""
    return _with_scopes(case, [f"{name}s-none" for name in _scopes(case)])


@group.fault(NEEDED)
def scope_wildcard(case: Case) -> Draft:
    """`scope` has a wildcard instead of the scope itself."""
    return _with_scopes(case, list(dict.fromkeys(map(_family, _scopes(case)))))


@group.fault(NEEDED)
def scope_of_login_only(case: Case) -> Draft:
    """`scope` is openid profile: enough to log in, but for nothing at the resource."""
    return _with_scopes(case, ["openid", "profile"])


@group.fault(NEEDED)
def scope_in_roles(case: Case) -> Draft:
    """`scope` is missing, and `roles` holds the scopes."""
    return _moved(case, _scopes(case), "roles")


def _scopes(case: Case) -> list[str]:
    """The scopes that mean something at the resource; raises MintRefused where there are none."""
    return [name for name in _every_scope(case) if name not in OPENID_SCOPES]


def _every_scope(case: Case) -> list[str]:
    """The scopes as the token says them; raises MintRefused where none of them means something at the resource."""
    said = case.claim("scope", object)
    names = [str(name) for name in said] if isinstance(said, list) else case.claim("scope", str).split()
    if OPENID_SCOPES.issuperset(names):
        raise case.not_applicable("the token has no scope of a resource", "Ask for a scope beside those of a login")
    return names


def _family(scope: str) -> str:
    """``mcp:*`` for ``mcp:read``, ``notes/*`` for ``notes/read``."""
    family, separator = re.split(r"([:/.])", f"{scope}:")[:2]
    return f"{family}{separator}*"


def _with_scopes(case: Case, scopes: list[str]) -> Draft:
    """With these scopes, as an array where the token has one."""
    draft = case.with_claim("scope", " ".join(scopes))
    for place in case.places("scope"):
        if isinstance(case.draft.claims[place], list):
            draft.claims[place] = scopes
    return draft


def _moved(case: Case, value: str | list[str], name: str = "scp") -> Draft:
    draft = case.without_claim("scope")
    draft.claims[name] = value
    return draft

"""Faults of what a token says of the login and of the key: its strength, age and proof (RFC 9470, RFC 9449).

Only a server that asks for a strong or recent login, or for a proof of possession, has to see them.
"""

from __future__ import annotations

from devidp.faults.case import Case
from devidp.faults.registry import Group
from devidp.keys.tokens import Draft

CLASS = "RFC 9470 section 6.1"
METHODS = "RFC 8176 section 1"
AGE = "RFC 9470 section 3"
BOUND = "RFC 9449 section 7.1"
NOBODYS_KEY = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
DAY = 86400
group = Group("authentication", evidence="context")


@group.fault(CLASS, level="should")
def acr_missing(case: Case) -> Draft:
    """`acr` is missing, where an API asks for a class."""
    case.claim("acr", str)
    return case.without_claim("acr")


@group.fault("OpenID Connect Core section 2", level="should")
def acr_zero(case: Case) -> Draft:
    """`acr` is 0: nothing vouches for the user."""
    case.claim("acr", str)
    return case.with_claim("acr", "0")


@group.fault(CLASS, level="should")
def acr_unknown(case: Case) -> Draft:
    """`acr` is a class that the issuer does not have."""
    case.claim("acr", str)
    return case.with_claim("acr", "urn:example:unknown")


@group.fault("OpenID Connect Core section 2", level="should")
def acr_number(case: Case) -> Draft:
    """`acr` is a number."""
    case.claim("acr", str)
    return case.with_claim("acr", 99)


@group.fault("OpenID Connect Core section 2", level="should")
def acr_array(case: Case) -> Draft:
    """`acr` is an array that contains the class."""
    return case.with_claim("acr", [case.claim("acr", str)])


@group.fault(METHODS, level="should")
def amr_missing(case: Case) -> Draft:
    """`amr` is missing, where an API asks how the user logged in."""
    case.claim("amr", list)
    return case.without_claim("amr")


@group.fault(METHODS, level="should")
def amr_empty(case: Case) -> Draft:
    """`amr` is an empty array."""
    case.claim("amr", list)
    return case.with_claim("amr", [])


@group.fault(METHODS, level="should")
def amr_string(case: Case) -> Draft:
    """`amr` is a string, in which a search for a method still finds it."""
    return case.with_claim("amr", " ".join(map(str, case.claim("amr", list))))


@group.fault(AGE, level="should")
def auth_time_old(case: Case) -> Draft:
    """`auth_time` is a day ago, where an API asks for a recent login."""
    case.claim("auth_time", int)
    return case.with_claim("auth_time", case.now - DAY)


@group.fault(AGE, level="should")
def auth_time_missing(case: Case) -> Draft:
    """`auth_time` is missing."""
    case.claim("auth_time", int)
    return case.without_claim("auth_time")


@group.fault("OpenID Connect Core section 2", level="should")
def auth_time_future(case: Case) -> Draft:
    """`auth_time` is half an hour from now, so that its age is negative."""
    case.claim("auth_time", int)
    return case.with_claim("auth_time", case.now + 1800)


@group.fault("OpenID Connect Core section 2", level="should")
def auth_time_string(case: Case) -> Draft:
    """`auth_time` is a string."""
    return case.with_claim("auth_time", str(case.claim("auth_time", int)))


@group.fault(BOUND, level="should")
def cnf_other_key(case: Case) -> Draft:
    """`cnf` binds the token to a key that nobody has, so that no request can prove it."""
    return case.with_new_claim("cnf", {"jkt": NOBODYS_KEY})


@group.fault("RFC 7800 section 3.1", level="should")
def cnf_unknown(case: Case) -> Draft:
    """`cnf` binds the token in a way that nobody knows."""
    return case.with_new_claim("cnf", {"devidp-unknown": NOBODYS_KEY})


@group.fault("RFC 8705 section 3.1", level="should")
def cnf_certificate(case: Case) -> Draft:
    """`cnf` binds the token to a TLS certificate that nobody has."""
    return case.with_new_claim("cnf", {"x5t#S256": NOBODYS_KEY})


@group.fault(BOUND, level="should")
def cnf_missing(case: Case) -> Draft:
    """`cnf` is missing in a token that was bound to a key, so that whoever has it can use it."""
    case.claim("cnf", dict)
    return case.without_claim("cnf")

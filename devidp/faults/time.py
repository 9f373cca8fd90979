"""Faults of time: when the token was issued, begins and ends (RFC 7519 section 4.1.4 to 4.1.6)."""

from __future__ import annotations

from devidp.faults.case import Case
from devidp.faults.registry import SIGNED, Group
from devidp.keys import tokens
from devidp.keys.tokens import Draft

HOUR, DAY = 3600, 86400
EXP = "RFC 7519 section 4.1.4"
NBF = "RFC 7519 section 4.1.5"
IAT = "RFC 7519 section 4.1.6"
NUMERIC_DATE = "RFC 7519 section 2, NumericDate"
REQUIRED = "RFC 9068 section 2.2"
group = Group("time", applies_to=SIGNED)


@group.fault(EXP)
def expired(case: Case) -> Draft:
    """`exp` is a day ago."""
    return case.with_claim("exp", case.now - DAY)


@group.fault(EXP, level="should")
def expired_10s(case: Case) -> Draft:
    """`exp` is 10 seconds ago, which any leeway covers."""
    return case.with_claim("exp", case.now - 10)


@group.fault(EXP, level="should")
def expired_30s(case: Case) -> Draft:
    """`exp` is 30 seconds ago, which a leeway of half a minute or more covers."""
    return case.with_claim("exp", case.now - 30)


@group.fault(EXP)
def expired_61s(case: Case) -> Draft:
    """`exp` is 61 seconds ago, one more than the usual leeway of a minute."""
    return case.with_claim("exp", case.now - 61)


@group.fault(REQUIRED)
def exp_missing(case: Case) -> Draft:
    """`exp` is missing, so the token would never expire."""
    return case.without_claim("exp")


@group.fault(NUMERIC_DATE)
def exp_string(case: Case) -> Draft:
    """`exp` is in the future, but a string."""
    return case.with_claim("exp", str(case.claim("exp", int)))


@group.fault(EXP)
def exp_float(case: Case) -> Draft:
    """`exp` has a fraction, which is allowed, and is 90.5 seconds ago, which is not."""
    return case.with_claim("exp", case.now - 90.5)


@group.fault(NUMERIC_DATE)
def exp_null(case: Case) -> Draft:
    """`exp` is null."""
    return case.with_claim("exp", None)


@group.fault(NUMERIC_DATE)
def exp_infinite(case: Case) -> str:
    """`exp` is 1e999, a JSON number that many parsers read as infinity."""
    payload = tokens.json_bytes(case.with_claim("exp", "infinity").claims)
    return case.sign(payload=payload.replace(b'"exp":"infinity"', b'"exp":1e999'))


@group.fault(NUMERIC_DATE, level="should")
def exp_milliseconds(case: Case) -> Draft:
    """`exp` is in milliseconds, which read as seconds is tens of thousands of years away."""
    return case.with_claim("exp", case.claim("exp", int) * 1000)


@group.fault(EXP)
def exp_zero(case: Case) -> Draft:
    """`exp` is 0, the year 1970, which a truthiness check takes for missing."""
    return case.with_claim("exp", 0)


@group.fault("RFC 6750 section 5.3", level="should")
def lifetime_30_days(case: Case) -> Draft:
    """The token is valid for 30 days, while a bearer token should be valid for an hour at most."""
    return case.with_claim("exp", case.claim("iat", int) + 30 * DAY)


@group.fault(NBF)
def nbf_future(case: Case) -> Draft:
    """`nbf` is an hour from now: the token is not valid yet."""
    return case.with_new_claim("nbf", case.now + HOUR)


@group.fault(NUMERIC_DATE)
def nbf_string(case: Case) -> Draft:
    """`nbf` is a string."""
    return case.with_new_claim("nbf", str(case.now))


@group.fault(IAT, level="should")
def iat_future(case: Case) -> Draft:
    """`iat` is half an hour from now: the token claims to have been issued in the future."""
    return case.with_claim("iat", case.now + HOUR // 2)


@group.fault(REQUIRED, level="should")
def iat_missing(case: Case) -> Draft:
    """`iat` is missing."""
    return case.without_claim("iat")


@group.fault(NUMERIC_DATE)
def iat_string(case: Case) -> Draft:
    """`iat` is a string."""
    return case.with_claim("iat", str(case.claim("iat", int)))

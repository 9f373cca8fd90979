"""Faults of the issuer: who the token says it comes from (RFC 9068 section 4, RFC 8414 section 3.3)."""

from __future__ import annotations

from urllib.parse import urlsplit

from devidp.faults.case import Case
from devidp.faults.registry import ANY_JWT, Group
from devidp.keys.tokens import Draft

EXACT = "RFC 9068 section 4"
STRING = "RFC 7519 section 4.1.1"
OTHER_HOST = "https://issuer.invalid"
group = Group("issuer", applies_to=ANY_JWT)


@group.fault(EXACT)
def issuer_wrong(case: Case) -> Draft:
    """`iss` is another provider."""
    return case.with_claim("iss", OTHER_HOST)


@group.fault("RFC 9068 section 2.2")
def issuer_missing(case: Case) -> Draft:
    """`iss` is missing."""
    return case.without_claim("iss")


@group.fault(STRING)
def issuer_empty(case: Case) -> Draft:
    """`iss` is an empty string."""
    return case.with_claim("iss", "")


@group.fault(STRING)
def issuer_null(case: Case) -> Draft:
    """`iss` is null."""
    return case.with_claim("iss", None)


@group.fault(STRING)
def issuer_number(case: Case) -> Draft:
    """`iss` is a number."""
    return case.with_claim("iss", 42)


@group.fault(STRING)
def issuer_array(case: Case) -> Draft:
    """`iss` is an array that contains the issuer."""
    return case.with_claim("iss", [case.issuer.url])


@group.fault(EXACT)
def issuer_trailing_slash(case: Case) -> Draft:
    """`iss` is the issuer with a trailing slash added or removed."""
    url = case.issuer.url
    return case.with_claim("iss", url.removesuffix("/") if url.endswith("/") else f"{url}/")


@group.fault(EXACT)
def issuer_scheme(case: Case) -> Draft:
    """`iss` is the issuer with https in place of http, or the other way round."""
    scheme, rest = case.issuer.url.split("://", 1)
    return case.with_claim("iss", f"{'http' if scheme == 'https' else 'https'}://{rest}")


@group.fault(EXACT)
def issuer_host_case(case: Case) -> Draft:
    """`iss` is the issuer with its scheme and host in capitals, and comparison is case-sensitive."""
    parts = urlsplit(case.issuer.url)
    # the scheme too: a host such as 127.0.0.1 has no letters
    return case.with_claim("iss", f"{parts.scheme}://{parts.netloc}".upper() + parts.path)


@group.fault(EXACT)
def issuer_port(case: Case) -> Draft:
    """`iss` is the issuer at another port."""
    parts = urlsplit(case.issuer.url)
    port = 8443 if parts.port != 8443 else 9443
    return case.with_claim("iss", parts._replace(netloc=f"{parts.hostname}:{port}").geturl())


@group.fault(EXACT)
def issuer_prefix(case: Case) -> Draft:
    """`iss` begins with the issuer and continues as another host name."""
    return case.with_claim("iss", f"{case.issuer.url}.issuer.invalid")


@group.fault("RFC 9207 section 1")
def issuer_other(case: Case) -> Draft:
    """`iss` is another issuer of the same server, signed with the key of this one."""
    other = case.other_issuer()
    if other is not None:
        return case.with_claim("iss", case.issuer.sibling(other.name))
    return case.with_claim("iss", f"{case.issuer.addresses.root}/another")

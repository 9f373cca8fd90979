"""Faults of the audience: whom the token is for (RFC 9068 section 4, RFC 8707)."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from devidp.faults.case import Case
from devidp.faults.registry import Group
from devidp.keys.tokens import Draft
from devidp.oauth import resource

CHECKED = "RFC 9068 section 4"
TYPED = "RFC 7519 section 4.1.3"
RESTRICTED = "RFC 9700 section 2.3"
OTHER_RESOURCE = "https://mcp.other.example/mcp"
group = Group("audience", applies_to=("access", "id-jag"))


@group.fault(CHECKED)
def audience_wrong(case: Case) -> Draft:
    """`aud` is something else."""
    return case.with_claim("aud", "https://api.invalid/")


@group.fault("RFC 9068 section 2.2")
def audience_missing(case: Case) -> Draft:
    """`aud` is missing, so the token would be for everyone."""
    return case.without_claim("aud")


@group.fault(TYPED)
def audience_null(case: Case) -> Draft:
    """`aud` is null."""
    return case.with_claim("aud", None)


@group.fault(TYPED)
def audience_empty(case: Case) -> Draft:
    """`aud` is an empty string."""
    return case.with_claim("aud", "")


@group.fault(TYPED)
def audience_empty_array(case: Case) -> Draft:
    """`aud` is an empty array."""
    return case.with_claim("aud", [])


@group.fault(TYPED)
def audience_number(case: Case) -> Draft:
    """`aud` is a number."""
    return case.with_claim("aud", 42)


@group.fault(TYPED)
def audience_object(case: Case) -> Draft:
    """`aud` is an object that has the resource as a member."""
    return case.with_claim("aud", {case.audience(): True})


@group.fault(TYPED)
def audience_array_mixed(case: Case) -> Draft:
    """`aud` is an array of the resource and a number, but may hold only strings."""
    return case.with_claim("aud", [case.audience(), 42])


@group.fault(TYPED)
def audience_nested_array(case: Case) -> Draft:
    """`aud` is an array within an array that holds the resource."""
    return case.with_claim("aud", [[case.audience()]])


@group.fault(CHECKED)
def audience_array_without_resource(case: Case) -> Draft:
    """`aud` is an array of two other resources."""
    return case.with_claim("aud", [OTHER_RESOURCE, "https://api.invalid/"])


@group.fault(RESTRICTED, level="should")
def audience_array_with_others(case: Case) -> Draft:
    """`aud` is an array of the resource and another server, so that each can use the token at the other."""
    return case.with_claim("aud", [case.audience(), OTHER_RESOURCE])


@group.fault(TYPED)
def audience_list_in_string(case: Case) -> Draft:
    """`aud` is one string with the resource and another, separated by a space."""
    return case.with_claim("aud", f"{case.audience()} {OTHER_RESOURCE}")


@group.fault("RFC 9068 section 5")
def audience_client_id(case: Case) -> Draft:
    """`aud` is the client, as in an ID token."""
    return case.with_claim("aud", case.authorization.client.client_id)


@group.fault(CHECKED)
def audience_issuer(case: Case) -> Draft:
    """`aud` is the issuer itself."""
    return case.with_claim("aud", case.issuer.url)


@group.fault(CHECKED)
def audience_trailing_slash(case: Case) -> Draft:
    """`aud` is the resource with a trailing slash added or removed."""
    audience = case.audience()
    return case.with_claim("aud", audience.removesuffix("/") if audience.endswith("/") else f"{audience}/")


@group.fault(CHECKED)
def audience_case(case: Case) -> Draft:
    """`aud` is the resource with upper and lower case swapped."""
    return case.with_claim("aud", case.audience().swapcase())


@group.fault(CHECKED)
def audience_scheme(case: Case) -> Draft:
    """`aud` is the resource with https in place of http, or the other way round."""
    parts = _web_address(case)
    return case.with_claim("aud", parts._replace(scheme="http" if parts.scheme == "https" else "https").geturl())


@group.fault(CHECKED)
def audience_port(case: Case) -> Draft:
    """`aud` is the resource at another port."""
    parts = _web_address(case)
    port = 8443 if parts.port != 8443 else 9443
    return case.with_claim("aud", parts._replace(netloc=f"{parts.hostname}:{port}").geturl())


@group.fault(CHECKED)
def audience_parent(case: Case) -> Draft:
    """`aud` is the path above the resource."""
    parts = _web_address(case)
    path = parts.path.rstrip("/")
    if not path:
        raise case.not_applicable(f"{case.audience()} has no path", "Mint for a resource with a path")
    return case.with_claim("aud", parts._replace(path=path.rpartition("/")[0]).geturl())


@group.fault(CHECKED)
def audience_below(case: Case) -> Draft:
    """`aud` is a path below the resource."""
    return case.with_claim("aud", f"{case.audience().rstrip('/')}/admin")


@group.fault(CHECKED)
def audience_prefix(case: Case) -> Draft:
    """`aud` begins with the resource and continues as another host name."""
    return case.with_claim("aud", f"{case.audience()}.api.invalid")


@group.fault(RESTRICTED)
def audience_other_server(case: Case) -> Draft:
    """`aud` is another MCP server: passing the token on would make this one a confused deputy."""
    others = [each.uri for each in case.issuer.seed.resources.values() if not _same(each.uri, case.audience())]
    return case.with_claim("aud", others[0] if others else OTHER_RESOURCE)


def _same(uri: str, other: str) -> bool:
    return resource.find([uri], other) is not None


def _web_address(case: Case) -> SplitResult:
    parts = urlsplit(case.audience())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise case.not_applicable(f"the audience {case.audience()} is not a web address", "Mint for one that is")
    return parts

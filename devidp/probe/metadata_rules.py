"""The rules for protected-resource metadata as such: what each member may be (RFC 9728 section 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from devidp.probe import metadata_kinds
from devidp.probe.metadata import is_same_server
from devidp.report import Kind
from devidp.system.hosts import is_loopback


class Mistake(NamedTuple):
    kind: Kind
    member: str
    detail: str


LISTS = (
    "authorization_servers", "scopes_supported", "bearer_methods_supported", "resource_signing_alg_values_supported",
    "authorization_details_types_supported", "dpop_signing_alg_values_supported",
)  # fmt: skip
TEXTS = ("resource", "jwks_uri", "resource_name", "resource_documentation", "resource_policy_uri", "resource_tos_uri")
FLAGS = ("tls_client_certificate_bound_access_tokens", "dpop_bound_access_tokens_required")
URLS = ("resource", "jwks_uri", "authorization_servers")
"""Those by which a client finds out whom to trust."""
METHODS = ("header", "body", "query")
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
"""RFC 6749 section 3.3."""


def mistakes(members: Mapping[str, Any]) -> Iterator[Mistake]:
    """What is wrong in the document itself, whoever serves it."""
    yield from _types(members)
    for name in URLS:
        for url in _texts(members.get(name)):
            yield from _url(name, url)
    for scope in _texts(members.get("scopes_supported")):
        if not _SCOPE.fullmatch(scope):
            yield _malformed("scopes_supported", scope, "scopes, each without spaces")
    for method in _texts(members.get("bearer_methods_supported")):
        if method not in METHODS:
            yield _malformed("bearer_methods_supported", method, f"some of {', '.join(METHODS)}")
    if not _texts(members.get("authorization_servers")):
        yield Mistake(metadata_kinds.NO_ISSUER, "", "expected authorization_servers with the identifier of the issuer")


def of_another_resource(resource: str, url: str) -> Mistake | None:
    """``resource`` has to be what the client asked, letter by letter; another name of this machine will do here."""
    own = urlsplit(url)._replace(query="", fragment="")
    detail = f"resource is {resource!r}, and {own.geturl()} was asked"
    try:
        said = urlsplit(resource)
    except ValueError:
        return Mistake(metadata_kinds.OTHER_RESOURCE, "", detail)
    if said.path.rstrip("/") == own.path.rstrip("/") and is_same_server(resource, url) and said.query == "":
        return None
    if is_same_server(resource, url) and f"{own.path}/".startswith(f"{said.path.rstrip('/')}/"):
        return Mistake(metadata_kinds.WIDER_RESOURCE, "", detail)
    return Mistake(metadata_kinds.OTHER_RESOURCE, "", detail)


def _types(members: Mapping[str, Any]) -> Iterator[Mistake]:
    if "resource" not in members:
        yield Mistake(metadata_kinds.MALFORMED, "resource", "resource is missing, and is required")
    for name, value in members.items():
        if name in LISTS and not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
            yield _malformed(name, value, "an array of strings")
        elif name in LISTS and not value:
            yield _malformed(name, value, "at least one value, or no such member (RFC 9728 section 3.2)")
        elif name in TEXTS and not isinstance(value, str):
            yield _malformed(name, value, "a string")
        elif name in FLAGS and not isinstance(value, bool):
            yield _malformed(name, value, "true or false")


def _url(name: str, url: str) -> Iterator[Mistake]:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if not host:
        # an identifier of a resource may be another absolute URI, but a client has to find it by https
        yield _malformed(name, url, "an https URL")
    elif parts.fragment:
        yield _malformed(name, url, "a URL without a fragment")
    elif parts.scheme != "https" and not is_loopback(host):
        yield Mistake(metadata_kinds.INSECURE, name, f"{name} is {url!r}, expected https")


def _malformed(name: str, value: object, expected: str) -> Mistake:
    return Mistake(metadata_kinds.MALFORMED, name, f"{name}: got {str(value)[:80]!r}, expected {expected}")


def _texts(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, str)]

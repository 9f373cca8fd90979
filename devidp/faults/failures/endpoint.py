"""Failures of the metadata documents: an endpoint is at an address that no client should follow blindly."""

from __future__ import annotations

from urllib.parse import urlsplit

from devidp.faults.failures.expectation import EITHER, TOO_STRICT, avoid, ignore, refuse
from devidp.faults.failures.registry import SpoiledResponse, failure

ENDPOINT = "discovery"
METADATA = "RFC 8414 section 2"
DEFAULT = "token_endpoint"
OPENS = "An issuer that the user did not choose runs a script in the client, or opens a file or a program there"
FOREIGN = (
    "Allowed, and usual at big vendors; where the metadata itself cannot be trusted (a cache, a tenant, a server that "
    "names its issuer), codes, secrets and tokens go to whoever wrote it"
)
UNPROTECTED = "Codes, secrets and tokens go over the network in the clear"


def _name(answer: SpoiledResponse) -> str:
    return str(answer.options.get("field", DEFAULT))


def _url(answer: SpoiledResponse) -> str:
    return str(answer.members().get(_name(answer), ""))


def _put(answer: SpoiledResponse, url: str) -> None:
    """Only what is there can be elsewhere."""
    if _name(answer) in answer.members():
        answer.change(**{_name(answer): url})


@failure(METADATA, ENDPOINT, field=str, to=str, expects=avoid("advice", "endpoint-origin", FOREIGN))
def endpoint_foreign(answer: SpoiledResponse) -> None:
    """`field` (token_endpoint by default) is at another origin, `to`."""
    _put(answer, answer.elsewhere(_url(answer)))


@failure(METADATA, ENDPOINT, field=str, expects=avoid("critical", "endpoint-origin", OPENS))
def endpoint_javascript(answer: SpoiledResponse) -> None:
    """`field` (token_endpoint by default) is a `javascript:` URL."""
    _put(answer, "javascript:alert(document.domain)//")


@failure(METADATA, ENDPOINT, field=str, expects=avoid("high", "endpoint-origin", OPENS))
def endpoint_file(answer: SpoiledResponse) -> None:
    """`field` (token_endpoint by default) is a `file:` URL."""
    _put(answer, "file:///etc/passwd")


@failure(METADATA, ENDPOINT, field=str, expects=EITHER)
def endpoint_private(answer: SpoiledResponse) -> None:
    """`field` (token_endpoint by default) is at 169.254.169.254, where clouds keep keys of whoever asks from inside."""
    _put(answer, urlsplit(_url(answer))._replace(scheme="http", netloc="169.254.169.254").geturl())


@failure("RFC 9700 section 2.6", ENDPOINT, field=str, expects=refuse("medium", "endpoint-origin", UNPROTECTED))
def endpoint_plain_http(answer: SpoiledResponse) -> None:
    """`field` (token_endpoint by default) is http where the issuer is https, as behind a proxy."""
    _put(answer, _url(answer).replace("https://", "http://", 1))


@failure("RFC 3986 section 3.2.1", ENDPOINT, field=str, expects=EITHER)
def endpoint_credentials(answer: SpoiledResponse) -> None:
    """`field` (token_endpoint by default) has a name and a password before its host."""
    url = urlsplit(_url(answer))
    _put(answer, url._replace(netloc=f"user:password@{url.netloc}").geturl())


@failure("RFC 6749 section 3.1", ENDPOINT, field=str, expects=EITHER)
def endpoint_fragment(answer: SpoiledResponse) -> None:
    """`field` (token_endpoint by default) has a fragment, which no endpoint may have."""
    _put(answer, f"{_url(answer)}#fragment")


@failure("RFC 6749 section 3.1", ENDPOINT, field=str, expects=ignore("low", "metadata", TOO_STRICT))
def endpoint_query(answer: SpoiledResponse) -> None:
    """`field` (authorization_endpoint by default) has a query, which the client has to keep."""
    name = answer.options.get("field", "authorization_endpoint")
    if name in answer.members():
        answer.change(**{name: f"{answer.members()[name]}?tenant=acme"})


@failure(METADATA, ENDPOINT, field=str, expects=EITHER)
def endpoint_relative(answer: SpoiledResponse) -> None:
    """`field` (token_endpoint by default) is a path without a host."""
    _put(answer, urlsplit(_url(answer)).path)

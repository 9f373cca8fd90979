"""Resource indicators: which are well formed, and which known one a request names."""

from __future__ import annotations

import pytest

from devidp.oauth import resource

KNOWN = ("http://localhost:8000/mcp", "https://api.example/", "urn:example:api")


@pytest.mark.parametrize(
    ("requested", "found"),
    [
        ("http://localhost:8000/mcp", "http://localhost:8000/mcp"),
        ("http://localhost:8000/mcp/", "http://localhost:8000/mcp"),
        ("https://api.example", "https://api.example/"),
        ("https://API.example:443", "https://api.example/"),
        ("http://api.example:443", None),
        ("https://api.example:80", None),
        ("urn:example:api", "urn:example:api"),
        ("http://localhost:8000/mcp//", None),
        ("http://localhost:8000/MCP", None),
        ("http://localhost:8001/mcp", None),
        ("http://localhost:8000/mcp/tools", None),
        ("http://localhost:8000", None),
    ],
)
def test_a_resource_is_found_in_every_spelling_of_its_host_and_with_a_slash_more_or_less(
    requested: str, found: str | None
) -> None:
    assert resource.find(KNOWN, requested) == found


@pytest.mark.parametrize("uri", [*KNOWN, "https://api.example/a?b=c", "http://idp:9000"])
def test_an_absolute_uri_without_a_fragment_is_a_resource(uri: str) -> None:
    assert resource.problem(uri) is None


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("mcp", "it is not an absolute URI"),
        ("/mcp", "it is not an absolute URI"),
        ("http://[", "it is not an absolute URI"),
        ("https://api.example/#", "it has a fragment"),
        ("https://api.example/#part", "it has a fragment"),
        ("https:///mcp", "it has no host"),
        ("localhost:8000/mcp", "its scheme is missing: it would be http://localhost:8000/mcp"),
        ("http://local host/mcp", "it holds the character ' ', which must be percent-encoded"),
    ],
)
def test_anything_else_is_not_a_resource(uri: str, why: str) -> None:
    assert resource.problem(uri) == why


@pytest.mark.parametrize("uri", ["http://localhost:1/", "https://127.0.0.1/mcp", "http://[::1]:8000/mcp"])
def test_a_web_address_of_this_machine_is_loopback(uri: str) -> None:
    assert resource.is_loopback(uri)


@pytest.mark.parametrize("uri", ["http://localhost.example/", "urn:localhost", "http://10.0.0.1/", "ftp://localhost/"])
def test_other_addresses_are_not_loopback(uri: str) -> None:
    assert not resource.is_loopback(uri)

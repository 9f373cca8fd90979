"""The keys that an issuer publishes, found as a resource server finds them."""

from __future__ import annotations

from typing import Any

from joserfc.jwk import KeySet

from devidp.oauth import jwk_set
from devidp.system import http_client

SECONDS = 5
DISCOVERY = "/.well-known/openid-configuration"


def of(issuer: str) -> KeySet:
    """By way of its metadata; raises NoAnswer, and ValueError for an answer that holds none."""
    return jwk_set.parse(_fetch(str(_fetch(f"{issuer.rstrip('/')}{DISCOVERY}").get("jwks_uri"))))


def _fetch(url: str) -> dict[str, Any]:
    with http_client.request("GET", url, timeout=SECONDS, in_all=True) as response:
        if response.status != 200:
            raise ValueError(f"{url} answered {response.status}")
        return http_client.read_object(response)

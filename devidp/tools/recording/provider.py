"""The documents of a provider: its metadata and its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from devidp.oauth import ijson, redirect_uri, well_known
from devidp.system.fetch import FetchError, Reach, get

ANYWHERE = Reach(loopback=True, private=True)
"""Whoever types a URL may reach it."""
WELL_KNOWN = "/.well-known/"


class Unreadable(Exception):
    """A provider, or a token, that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider publishes."""

    found_at: str
    """The address of its metadata."""
    metadata: Mapping[str, Any]
    keys: tuple[Mapping[str, Any], ...] = ()
    keys_problem: str = "it names no JWK Set"
    """Why there are none."""

    @property
    def issuer(self) -> str:
        return str(self.metadata["issuer"])


def read(url: str) -> Provider:
    """The provider whose issuer or metadata is at ``url``; raises Unreadable."""
    tried = [url] if WELL_KNOWN in urlsplit(url).path else _documents(url)
    reasons = []
    for address in tried:
        try:
            metadata = _object(address)
        except Unreadable as error:
            reasons.append(str(error))
            continue
        issuer = metadata.get("issuer")
        if not isinstance(issuer, str) or redirect_uri.split(issuer) is None:
            reasons.append(f"{address} has no `issuer`, which metadata must have (RFC 8414 section 2)")
            continue
        return _with_keys(Provider(address, metadata))
    raise Unreadable("no metadata was found:\n  " + "\n  ".join(reasons))


def _documents(url: str) -> list[str]:
    """Where metadata of an issuer may be (OpenID Connect Discovery section 4, RFC 8414 section 3.1)."""
    found = (
        well_known.after_path("openid-configuration", url),
        well_known.before_path("oauth-authorization-server", url),
        well_known.before_path("openid-configuration", url),
        well_known.after_path("oauth-authorization-server", url),
    )
    return list(dict.fromkeys(found))


def _with_keys(provider: Provider) -> Provider:
    address = provider.metadata.get("jwks_uri")
    if not isinstance(address, str):
        return provider
    try:
        keys = _object(address).get("keys")
    except Unreadable as error:
        return replace(provider, keys_problem=str(error))
    found = tuple(key for key in keys if isinstance(key, dict)) if isinstance(keys, list) else ()
    return replace(provider, keys=found, keys_problem=f"{address} has no key that signs")


def _object(url: str) -> dict[str, Any]:
    try:
        reply = get(url, ANYWHERE)
    except FetchError as error:
        raise Unreadable(f"{url}: {error.reason}") from None
    if reply.status != 200:
        raise Unreadable(f"{url} answers {reply.status}")
    try:
        found = ijson.loads(reply.body)
    except (ValueError, RecursionError):
        raise Unreadable(f"{url} answers something that is not JSON") from None
    if not isinstance(found, dict):
        raise Unreadable(f"{url} answers JSON that is no object")
    return found

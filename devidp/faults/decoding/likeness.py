"""Which fault of the catalogue a wrong value looks like."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from devidp.oauth import base64url, redirect_uri

ALIKE: Mapping[str, tuple[str, ...]] = {
    "signature-bad": (
        "signature-truncated", "payload-tampered", "header-tampered", "kid-of-another-key", "tenant-key",
    ),
    "alg-hs256-public-pem": ("alg-hs256-public-der", "alg-hs256-public-jwk", "alg-hs256-empty-secret"),
    "kid-unknown": ("key-foreign", "key-retired", "key-unpublished"),
    "audience-wrong": ("audience-issuer", "audience-other-server"),
    "issuer-wrong": ("issuer-other",),
    "scope-missing": ("scope-in-roles",),
    "opaque": ("refresh-token",),
}  # fmt: skip
"""Those that look the same: only who made the token knows which it has."""
_NONE = {"none": "alg-none", "None": "alg-none-capitalized", "NONE": "alg-none-upper"}


def algorithm(said: str, usual: frozenset[str]) -> str:
    """Of an ``alg`` that the issuer does not use."""
    if said.upper() in {each.upper() for each in usual}:
        return "alg-lower-case"
    if said.startswith("HS"):
        return "alg-hs256-public-pem"
    return f"alg-{said.lower()}" if said in ("RS384", "PS256", "ES256") else "alg-unknown"


def unsigned(said: str, signature: str) -> str:
    """Of an ``alg`` that is none, in whatever spelling."""
    return "alg-none-signed" if signature and said == "none" else _NONE.get(said, "alg-none-mixed")


def bad_signature(header: Mapping[str, Any], signature: str) -> str:
    """Of a signature that does not fit: what the header says of another key, or how the signature looks."""
    for name in ("jwk", "jku", "x5u"):
        if name in header:
            return f"header-{name}"
    if not signature:
        return "signature-empty"
    try:
        return "signature-bad" if base64url.decode(signature.rstrip("=")).strip(b"\0") else "signature-zero"
    except ValueError:
        return "signature-bad"


def key_id(kid: object) -> str:
    """Of a ``kid`` that no key has."""
    if not isinstance(kid, str):
        return "kid-number"
    if not kid:
        return "kid-empty"
    return "kid-injection" if "'" in kid else "kid-path" if "/" in kid else "kid-unknown"


def date(name: str, value: object) -> str:
    """Of a time that is no number of seconds."""
    if name == "exp" and value is None:
        return "exp-null"
    if name == "exp" and isinstance(value, float) and not isfinite(value):
        return "exp-infinite"
    return f"{name}-string"


def issuer(said: object, expected: str) -> tuple[str, str]:
    """Of an ``iss`` that is another, after a few words on the difference."""
    if not isinstance(said, str):
        kinds: dict[type, str] = {list: "issuer-array", type(None): "issuer-null"}
        return "", kinds.get(type(said), "issuer-number")
    one, other = redirect_uri.split(said), redirect_uri.split(expected)
    if not said:
        return "", "issuer-empty"
    if said.rstrip("/") == expected.rstrip("/"):
        return ": they differ in a slash at the end", "issuer-trailing-slash"
    if said.partition("://")[2] == expected.partition("://")[2]:
        return ": they differ in the scheme", "issuer-scheme"
    if said.lower() == expected.lower():
        return ": they differ in case", "issuer-host-case"
    if said.startswith(expected) and said[len(expected)] not in "/?":
        return ": it begins with that and goes on as another name", "issuer-prefix"
    if one and other and one._replace(netloc=one.hostname or "") == other._replace(netloc=other.hostname or ""):
        return ": they differ in the port", "issuer-port"
    return "", "issuer-wrong"


def audience(value: object) -> str:
    """Of an ``aud`` that is neither a string nor an array of strings."""
    if isinstance(value, list):
        nested = any(isinstance(each, list) for each in value)
        return "audience-empty-array" if not value else "audience-nested-array" if nested else "audience-array-mixed"
    kinds: dict[type, str] = {type(None): "audience-null", str: "audience-empty", dict: "audience-object"}
    return kinds.get(type(value), "audience-number")


def party(name: str, value: object) -> str:
    """Of a ``sub`` or ``client_id`` that is no non-empty string."""
    if name == "client_id":
        return "client-id-number"
    return {type(None): "sub-null", str: "sub-empty"}.get(type(value), "sub-number")


def scope(claims: Mapping[str, Any], name: str) -> str:
    """Of scopes that cannot be read in the claim ``name``."""
    if name in claims:
        kinds: dict[type, str] = {str: "scope-empty", type(None): "scope-null", list: "scope-array"}
        return kinds.get(type(claims[name]), "scope-number")
    if name == "scp" or "scp" not in claims:
        return "scope-missing"
    return "scp-array" if isinstance(claims["scp"], list) else "scp-string"

"""Failures of the JWK Set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from devidp.faults.failures.expectation import EITHER, TOO_STRICT, ignore, report
from devidp.faults.failures.registry import SpoiledResponse, failure

ENDPOINT = "jwks"
CERTIFICATES = "certificates"
EC_KEY = {
    "kty": "EC", "crv": "P-256", "kid": "an-ec-key", "use": "sig", "alg": "ES256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}  # fmt: skip
"""The public key of RFC 7515 appendix A.3."""
UNVERIFIED = "The ID token is believed without a look at its signature"
NEW_KEYS = "An issuer that goes over to other keys ends all logins"


def _keys(answer: SpoiledResponse, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    answer.put({"keys": change(answer.members().get("keys", []))})


def _without(answer: SpoiledResponse, name: str) -> None:
    _keys(answer, lambda keys: [{key: value for key, value in each.items() if key != name} for each in keys])


@failure("RFC 7517 section 5.1", ENDPOINT, CERTIFICATES, expects=report("high", "id-token", UNVERIFIED))
def keys_empty(answer: SpoiledResponse) -> None:
    """The set has no key, the other document no certificate."""
    answer.put({"keys": []} if "keys" in answer.members() else {})


@failure("RFC 7517 section 5", ENDPOINT, expects=report("high", "id-token", UNVERIFIED))
def keys_missing(answer: SpoiledResponse) -> None:
    """The document has no member `keys`."""
    answer.put({})


@failure("RFC 7517 section 4.5", ENDPOINT, expects=ignore("low", "key-rotation", TOO_STRICT))
def keys_without_kid(answer: SpoiledResponse) -> None:
    """The keys have no `kid`: it is optional."""
    _without(answer, "kid")


@failure("RFC 7517 section 4.1", ENDPOINT, expects=EITHER)
def keys_without_kty(answer: SpoiledResponse) -> None:
    """The keys have no `kty`, so their type is unknown: they have to be ignored."""
    _without(answer, "kty")


@failure("RFC 7517 section 4.4", ENDPOINT, expects=ignore("low", "key-rotation", TOO_STRICT))
def keys_without_alg(answer: SpoiledResponse) -> None:
    """The keys have no `alg`: it is optional."""
    _without(answer, "alg")


@failure(
    "RFC 7517 section 5",
    ENDPOINT,
    expects=ignore("low", "key-rotation", NEW_KEYS),
)
def mixed_key_types(answer: SpoiledResponse) -> None:
    """An EC key comes before the others, as at an issuer that changes its algorithm."""
    _keys(answer, lambda keys: [EC_KEY, *keys])


@failure(
    "RFC 7517 section 5",
    ENDPOINT,
    expects=ignore("low", "key-rotation", NEW_KEYS),
)
def unknown_key_type(answer: SpoiledResponse) -> None:
    """A key of a future type comes before the others: it has to be ignored."""
    _keys(answer, lambda keys: [{"kty": "PQC", "kid": "a-future-key", "alg": "ML-DSA-44"}, *keys])


@failure("OpenID Connect Core section 10.1.1", ENDPOINT, CERTIFICATES, expects=report("high", "id-token", UNVERIFIED))
def new_key_missing(answer: SpoiledResponse) -> None:
    """The key that signs is not in the set yet, or has no certificate yet."""
    kid = answer.active_kid()
    if "keys" in answer.members():
        _keys(answer, lambda keys: [each for each in keys if each.get("kid") != kid])
    else:
        answer.leave_out(kid)


@failure("RFC 7517 section 4.5", ENDPOINT, expects=EITHER)
def duplicate_kid(answer: SpoiledResponse) -> None:
    """Another key with the same `kid` comes before the right one."""
    _keys(answer, lambda keys: [*({**EC_KEY, "kid": each.get("kid")} for each in keys), *keys])


@failure("RFC 9111 section 5.2", ENDPOINT, CERTIFICATES, expects=ignore("low", "key-rotation", TOO_STRICT))
def long_cache(answer: SpoiledResponse) -> None:
    """Cache-Control lets everybody keep the document for a year."""
    answer.response.headers["Cache-Control"] = "public, max-age=31536000, immutable"


@failure("RFC 7517 section 5", ENDPOINT, expects=report("high", "id-token", UNVERIFIED))
def keys_object(answer: SpoiledResponse) -> None:
    """`keys` is an object by `kid`, and no array."""
    answer.put({"keys": {each.get("kid", ""): each for each in answer.members().get("keys", [])}})


@failure("RFC 7517 section 4.2", ENDPOINT, expects=report("high", "id-token", UNVERIFIED))
def keys_for_encryption(answer: SpoiledResponse) -> None:
    """The keys are there for encryption (`use` is enc): no signature may be checked with them."""
    _keys(answer, lambda keys: [{**each, "use": "enc"} for each in keys])


@failure("RFC 8725 section 3.1", ENDPOINT, expects=ignore("low", "key-rotation", NEW_KEYS))
def symmetric_key(answer: SpoiledResponse) -> None:
    """A symmetric key comes before the others: it has to be ignored, and nothing be signed with it."""
    _keys(answer, lambda keys: [{"kty": "oct", "kid": "a-secret", "alg": "HS256", "k": "c2VjcmV0"}, *keys])


@failure("RFC 7517 section 5", ENDPOINT, expects=ignore("low", "key-rotation", NEW_KEYS))
def many_keys(answer: SpoiledResponse) -> None:
    """A hundred other keys come before the right ones."""
    _keys(answer, lambda keys: [*({**EC_KEY, "kid": f"key-{number}"} for number in range(100)), *keys])


@failure("RFC 9111 section 5.2", ENDPOINT, CERTIFICATES, expects=ignore("low", "key-rotation", TOO_STRICT))
def no_cache(answer: SpoiledResponse) -> None:
    """Cache-Control lets nobody keep the document."""
    answer.response.headers["Cache-Control"] = "no-store"

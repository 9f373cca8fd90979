"""Keys as a seed may give them: the public ones of clients and other issuers, and the private one of an issuer."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema

from devidp.oauth import jwk_set
from devidp.seed.fields import Before, text
from devidp.seed.from_file import content
from devidp.seed.problems import Refused, describe_kind

_PEM = re.compile(r"-----BEGIN (?:RSA |EC )?PRIVATE KEY-----\s*\n")
_ENCRYPTED = ("-----BEGIN ENCRYPTED", "Proc-Type: 4,ENCRYPTED")


def public_keys(value: object) -> dict[str, Any]:
    """A JWK Set, as a mapping or as JSON text; a single key is a set of one."""
    try:
        # text of the seed remembers how it was written, the keys need not
        found = json.loads(value) if isinstance(value, str) else json.loads(json.dumps(value))
    except (ValueError, RecursionError):
        raise Refused("got text that is not JSON; write a JWK Set as a mapping, or as JSON in quotes") from None
    if not isinstance(found, dict):
        raise Refused(f"{describe_kind(found)}, expected a JWK Set: a mapping with a list `keys`")
    keys = {"keys": [found]} if "kty" in found else found
    if why := jwk_set.problem(keys):
        raise Refused(f"got a JWK Set, but {why}")
    return keys


def private_key(written: str) -> str:
    """PEM or JWK by its form; whether it fits the algorithm shows in use."""
    stripped = written.strip()
    if stripped.startswith("{"):
        return _private_jwk(stripped)
    if any(mark in stripped for mark in _ENCRYPTED):
        raise Refused("got an encrypted key; decrypt it: `openssl pkey -in key.pem -out plain.pem`")
    if _PEM.match(stripped):
        return f"{stripped}\n"
    if "PRIVATE KEY-----" in stripped and "\n" not in stripped:
        raise Refused("got a PEM key in one line; write it as a block: `signing_key: |` and its lines indented below")
    raise Refused(
        "got something other than a private key, expected PEM that begins with -----BEGIN PRIVATE KEY-----, or a JWK "
        "with `kty` and `d`; `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048` makes one"
    )


def _private_jwk(written: str) -> str:
    try:
        jwk = json.loads(written)
    except (ValueError, RecursionError):
        raise Refused("got a JWK that is not JSON; write it as a mapping, or as one JSON object in quotes") from None
    if not isinstance(jwk.get("kty"), str) or not isinstance(jwk.get("d"), str):
        raise Refused("got a JWK without `kty` or `d`; a private key has both as text (RFC 7518 section 6)")
    return written


def _inline(value: object) -> str:
    return private_key(json.dumps(value) if isinstance(value, dict) else text(value))


def _from_file(value: object, info: ValidationInfo) -> str:
    return private_key(content(value, info))


JwkSet = Annotated[
    dict[str, Any], Before(public_keys), WithJsonSchema({"anyOf": [{"type": "object"}, {"type": "string"}]})
]
_JWK = {"type": "object", "required": ["kty", "d"]}
InlineKey = Annotated[str, Before(_inline), WithJsonSchema({"anyOf": [{"type": "string"}, _JWK]})]
KeyFile = Annotated[str, BeforeValidator(_from_file)]
"""Becomes the text of the key in the file."""

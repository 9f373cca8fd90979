"""The public keys of a client as a seed may give them: a JWK Set, as a mapping or as JSON text."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from devidp.oauth import jwk_set
from devidp.seed.problems import Refused, describe_kind


def public_keys(value: object) -> dict[str, Any]:
    """``value`` where it is a set of public keys; a single key is a set of one."""
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


JwkSet = Annotated[
    dict[str, Any],
    BeforeValidator(public_keys),
    WithJsonSchema({"anyOf": [{"type": "object"}, {"type": "string"}]}),
]

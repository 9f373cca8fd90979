"""DPoP proofs of a login: the client's key, and a proof for each request (RFC 9449 section 4.2)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any

from devidp.keys import KeyProblem, SigningKey, tokens
from devidp.keys.tokens import Draft
from devidp.web.control.errors import ControlError

DpopKey = bool | Mapping[str, Any]
"""``True``: a key for this login alone; a mapping: a private JWK."""


def key_of(dpop: DpopKey) -> SigningKey | None:
    """The key that ``dpop`` asks for; ``None`` for none. Raises ControlError."""
    if isinstance(dpop, bool):
        return resolve_name("devidp.keys.material:generate")("ES256") if dpop else None
    if not isinstance(dpop, Mapping):
        raise ControlError(f"dpop: got {type(dpop).__name__}, expected True, False or a private JWK as a mapping")
    try:
        found: SigningKey = resolve_name("devidp.keys.material:parse_own")(json.dumps(dict(dpop)))
    except KeyProblem as problem:
        raise ControlError(f"dpop cannot be used: {problem}") from None
    return found


def proof(key: SigningKey, method: str, url: str, now: int, nonce: str | None) -> str:
    """The value of the header ``DPoP`` for one request."""
    public = key.jwk.as_dict(private=False)
    header = {"typ": "dpop+jwt", "alg": key.algorithm, "jwk": public}
    claims = {"jti": secrets.token_urlsafe(16), "htm": method, "htu": url, "iat": now}
    return tokens.sign(Draft(header, claims if nonce is None else {**claims, "nonce": nonce}, key))

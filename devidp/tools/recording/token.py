"""The shape of a token: the names and types of its claims, and its header. No value of it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from devidp.faults.decoding import parts
from devidp.oauth import names, token_type
from devidp.tools.recording.provider import Unreadable

Claims = Mapping[str, Any]
SAME = {
    **dict.fromkeys(("client_id", "azp", "cid", "appid"), "{client_id}"),
    **dict.fromkeys(("username", "cognito:username", "unique_name", "upn"), "{username}"),
    **dict.fromkeys(("uid", "oid"), "{user_id}"),
    **dict.fromkeys(("jti", "uti", "origin_jti"), "{jti}"),
    **dict.fromkeys(("sid", "session_state"), "{sid}"),
    **{name: f"{{{name}}}" for name in ("auth_time", "acr", "amr", "nonce", "sub", "aud")},
    **dict.fromkeys(("nbf", "iat"), "{now}"),
}
"""What claims stand for that have the same meaning with most vendors."""
OF_USERS = {
    *(claim for claims in names.STANDARD_CLAIMS.values() for claim in claims if claim != "sub"),
    "roles", "groups", "entitlements", "permissions", "org_id", "tenant_id",
}  # fmt: skip
CLIENTS = ("client_id", "azp", "cid", "appid")


def read(token: str) -> parts.Parts | None:
    """Header and claims; ``None`` for a token that is opaque. Raises Unreadable, without a word of the token."""
    found = parts.read(token.strip())
    if found.readable:
        return found
    if "." not in token and len(token.strip()) > 1:
        return None
    raise Unreadable("the token is neither a signed JWT, three parts with dots between, nor an opaque one")


def is_of_client(token: parts.Parts) -> bool:
    """Whether a client got it for itself: no user is in it."""
    subject = str(token.claims.get("sub", ""))
    return not subject or subject.split("@")[0] in [token.claims.get(name) for name in CLIENTS]


def shape(theirs: parts.Parts, ours: parts.Parts) -> dict[str, Any]:
    """What makes a token like ``ours`` look like ``theirs``."""
    found: dict[str, Any] = {}
    typ = _typ(theirs.header)
    if typ != _typ(ours.header):
        found["typ"] = typ
    drop = [name for name in ours.claims if name not in theirs.claims]
    claims = dict(_claims(theirs.claims, ours.claims))
    return {**found, **({"drop": drop} if drop else {}), **({"claims": claims} if claims else {})}


def user_claims(token: parts.Parts) -> dict[str, Any]:
    """Claims that a user needs for the templates of the shape, with something of their type."""
    return {name: _of_type(value) for name, value in token.claims.items() if name in OF_USERS and value is not None}


def unusual_header(token: parts.Parts) -> Iterator[str]:
    """Members of the header that no token of devidp has, and a type that it cannot have."""
    for name in token.header:
        if name not in ("alg", "kid", "typ"):
            yield f"the header has {name}"
    if "kid" not in token.header:
        yield "the header has no kid"
    typ = token.header.get("typ")
    if typ is not None and not token_type.matches(typ, "at+jwt", "JWT"):
        yield "the header has a typ other than at+jwt and JWT"


def _typ(header: Mapping[str, Any]) -> str:
    typ = header.get("typ")
    return "none" if typ is None else "at+jwt" if token_type.matches(typ, "at+jwt") else "JWT"


def _claims(theirs: Claims, ours: Claims) -> Iterator[tuple[str, Any]]:
    for name, value in theirs.items():
        if name not in ours:
            yield name, _template(name, value)
        elif name == "scope" and isinstance(value, list):
            yield name, "{scopes}"


def _template(name: str, value: object) -> Any:
    """What the claim most likely stands for, or something of its type."""
    if name in ("scp", "scope"):
        return "{scopes}" if isinstance(value, list) else "{scope}"
    if name in SAME:
        return SAME[name]
    if name in OF_USERS:
        return f"{{user.{name}}}"
    return _of_type(value)


def _of_type(value: object) -> Any:
    if isinstance(value, Mapping):
        return {name: _of_type(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_of_type(value[0])] if value else []
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return 0
    return None if value is None else "example"

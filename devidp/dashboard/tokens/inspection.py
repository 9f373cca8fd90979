"""A token that somebody pasted: judged by the keys of this devidp or by those that were pasted with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc.jwk import KeySet

from devidp.faults.decoding import Explanation, explain, kinds
from devidp.faults.decoding.expected import RFC_9068, of
from devidp.issuer.issuer import Issuer
from devidp.oauth import jwk_set
from devidp.system.event_log import Facts
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.endpoints import introspection
from devidp.web.runtime import Runtime

FIELDS: Final = ("token", "audience", "scope", "issuer", "keys")
INTROSPECTED: Final = (kinds.ACCESS, kinds.OPAQUE, kinds.REFRESH)


@dataclass(frozen=True, slots=True)
class Inspection:
    """All that is known of it."""

    said: Explanation
    issuer: str
    """The name of the one whose keys were used; empty for a foreign token without keys."""
    ours: str
    """The URL of the issuer here that it is of; empty for a foreign one."""
    introspected: Mapping[str, Any] | None
    """What its issuer would answer at this moment; ``None`` where it is of no issuer here."""


def inspect(runtime: Runtime, typed: Mapping[str, str]) -> Inspection:
    """What the form asks for; raises ControlError for keys that cannot be read."""
    text = typed.get("token", "")
    keys, named = _pasted_keys(typed.get("keys", "").strip()), typed.get("issuer", "").strip()
    now = runtime.first().clock.now()
    first = explain(text, None, now)
    ours = _issuer(runtime, first)
    audience, scope = (typed.get(name, "").strip() or None for name in ("audience", "scope"))
    if keys is not None or ours is None:
        said = explain(text, keys, now, named or None, audience=audience, scope=scope)
        known = "" if ours is None else ours.url
        return Inspection(said, named if keys else "", known, _introspected(ours, first))
    expected = RFC_9068 if ours.settings.access_token is None else of(ours.settings.access_token)
    said = explain(text, ours.keys.key_set(), now, ours.url, expected, audience=audience, scope=scope)
    return Inspection(said, ours.url, ours.url, _introspected(ours, first))


def _issuer(runtime: Runtime, said: Explanation) -> Issuer | None:
    """The issuer here that the token names, or that knows it."""
    named = said.claims.get("iss")
    if isinstance(named, str):
        try:
            return issuers.called(runtime, named)
        except UnknownName:
            pass
    kid = said.header.get("kid")
    signers = (each for each in runtime.issuers if any(key.kid == kid for key in each.keys.all_keys()))
    knowing = (each for each in runtime.issuers if not said.claims and known(each, said.token))
    return next(signers, None) or next(knowing, None)


def _introspected(issuer: Issuer | None, said: Explanation) -> Mapping[str, Any] | None:
    if issuer is None or said.kind not in INTROSPECTED:
        return None
    return known(issuer, said.token) or {"active": False}


def known(issuer: Issuer, token: str) -> Mapping[str, Any] | None:
    """What introspection says of an access or refresh token; ``None`` for one that is not good."""
    return introspection.access_token(issuer, Facts(), token) or introspection.refresh_token(issuer, token)


def _pasted_keys(text: str) -> KeySet | None:
    if not text:
        return None
    try:
        value = json.loads(text)
        return jwk_set.read(value if not isinstance(value, dict) or "keys" in value else {"keys": [value]})
    except (ValueError, RecursionError) as error:
        raise ControlError(f"keys: expected a JWK Set, or a JWK, of public keys: {error}") from None

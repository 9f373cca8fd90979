"""Somebody to log in at what was recorded, and clients to do it with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from devidp.faults.decoding.parts import Parts
from devidp.oauth import names
from devidp.tools.recording import token

USER, SIGNED_IN, MACHINE = "alice", "spa", "service"
LOOPBACK = ["http://localhost/callback", "http://127.0.0.1/callback"]
CLAIMS: Mapping[str, Any] = {"name": "Alice Anderson", "email": "alice@acme.example", "email_verified": True}


def sections(grants: Iterable[str], tokens: Iterable[Parts | None]) -> dict[str, Any]:
    """The sections of a seed for an issuer with these grants, whose users have the claims of these tokens."""
    claims = {name: value for each in tokens if each for name, value in token.user_claims(each).items()}
    clients: dict[str, Any] = {SIGNED_IN: {"public": True, "redirect_uris": LOOPBACK}}
    if names.CLIENT_CREDENTIALS in grants:
        clients[MACHINE] = {"secret": "service-secret", "grants": [names.CLIENT_CREDENTIALS]}
    return {"users": {USER: {"password": USER, "claims": {**claims, **CLAIMS}}}, "clients": clients}

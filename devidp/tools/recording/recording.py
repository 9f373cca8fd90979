"""A provider as a profile, checked against what devidp makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devidp.faults.decoding.parts import Parts
from devidp.seed import difference, profile
from devidp.seed.yaml_text import dump
from devidp.server.local import DevIdP
from devidp.tools.recording import mistakes, provider, token
from devidp.tools.recording.provider import Provider
from devidp.tools.recording.settings import Notes, members, settings_of, texts

ISSUER = "default"
SIGNED_IN: Mapping[str, Any] = {"client": "spa", "user": "alice"}
MACHINE: Mapping[str, Any] = {"client": "service", "user": None}
LOOPBACK = ["http://localhost/callback", "http://127.0.0.1/callback"]
EXAMPLE: Mapping[str, Any] = {
    "users": {
        "alice": {
            "password": "alice",
            "claims": {"name": "Alice Anderson", "email": "alice@acme.example", "email_verified": True},
        },
    },
    "clients": {
        "spa": {"public": True, "redirect_uris": LOOPBACK},
        "service": {"secret": "service-secret", "grants": ["client_credentials"]},
    },
}
"""Somebody to log in, and clients to do it with."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A profile as YAML, with what it does not carry over, and the profile of devidp that is most like it."""

    text: str
    notes: tuple[str, ...]
    nearest: str
    difference: tuple[str, ...]
    """Of the nearest profile to the recorded one."""


def record(url: str, access_token: str | None = None, id_token: str | None = None) -> Recording:
    """The provider at ``url`` as a profile, with the shapes of its tokens; raises Unreadable."""
    given = {"access_token": access_token, "id_token": id_token}
    tokens = {kind: token.read(each) for kind, each in given.items() if each is not None}
    found, notes = provider.read(url), Notes()
    seed = {"issuers": {ISSUER: settings_of(found, notes)}, "scopes": _scopes(found), **EXAMPLE}
    notes += mistakes.taken_out(seed)
    settings = seed["issuers"][ISSUER]
    with DevIdP(seed) as mirror:
        own = provider.read(mirror.discovery_url)
        settings["metadata"] = dict(members(found.metadata, own.metadata, notes))
        for kind, theirs in tokens.items():
            settings |= _shape(kind, theirs, mirror, notes)
    notes += mistakes.taken_out(seed)
    title = f"# Recorded at {found.found_at}: what a seed cannot say is named below."
    text = "\n".join([title, *(f"# - {note}" for note in notes), "", dump(seed)])
    return Recording(text, tuple(notes), *_nearest(text))


def _scopes(found: Provider) -> dict[str, None]:
    return dict.fromkeys(texts(found.metadata.get("scopes_supported")) or ["openid"])


def _shape(kind: str, theirs: Parts | None, mirror: DevIdP, notes: Notes) -> dict[str, Any]:
    if theirs is None:
        return {f"{kind}_format": "opaque"}
    notes += [f"{kind}: {odd}" for odd in token.unusual_header(theirs)]
    asked = MACHINE if token.is_of_client(theirs) else SIGNED_IN
    ours = token.read(mirror.token(token_type=kind.removesuffix("_token"), **asked))
    shape = token.shape(theirs, ours) if ours else {}
    return {kind: shape} if shape else {}


def _nearest(text: str) -> tuple[str, tuple[str, ...]]:
    recorded = profile.settings(profile.parse(text, "recorded"))
    found = {name: difference.difference(profile.settings(profile.read(name)), recorded) for name in profile.names()}
    nearest = min(found, key=lambda name: len(found[name]))
    return nearest, tuple(found[nearest])

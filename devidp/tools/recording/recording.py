"""A provider as a profile, checked against what devidp makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devidp.faults.decoding.parts import Parts
from devidp.oauth import names
from devidp.seed import difference, profile
from devidp.seed.difference import one_line
from devidp.seed.yaml_text import dump
from devidp.server.local import DevIdP
from devidp.tools.recording import example, mistakes, provider, token
from devidp.tools.recording.provider import Provider, Unreadable
from devidp.tools.recording.settings import Notes, members, settings_of, texts

ISSUER = "default"


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
    if tokens.get("id_token", True) is None:
        raise Unreadable("the ID token is no signed JWT, which every ID token is (OpenID Connect Core section 2)")
    found, notes = provider.read(url), Notes()
    settings = settings_of(found, notes)
    grants = settings.get("grants", names.DEFAULT_GRANTS)
    seed = {"issuers": {ISSUER: settings}, "scopes": _scopes(found), **example.sections(grants, tokens.values())}
    notes += mistakes.taken_out(seed)
    with DevIdP(seed) as mirror:
        own = provider.read(mirror.discovery_url)
        more = dict(members(found.metadata, own.metadata, notes))
        for kind, theirs in tokens.items():
            settings |= _shape(kind, theirs, mirror, notes)
    settings |= {"metadata": more} if more else {}
    notes += mistakes.taken_out(seed)
    title = f"# Recorded at {found.found_at}: what a seed cannot say is named below."
    said = [one_line(note) for note in notes]
    text = "\n".join([title, *(f"# - {note}" for note in said), "", dump(seed)])
    return Recording(text, tuple(said), *_nearest(text))


def _scopes(found: Provider) -> dict[str, None]:
    return dict.fromkeys(texts(found.metadata.get("scopes_supported")) or ["openid"])


def _shape(kind: str, theirs: Parts | None, mirror: DevIdP, notes: Notes) -> dict[str, Any]:
    if theirs is None:
        return {f"{kind}_format": "opaque"}
    notes += [f"{kind}: {odd}" for odd in token.unusual_header(theirs)]
    alone = token.is_of_client(theirs) and example.MACHINE in mirror.clients
    asked = {"client": example.MACHINE, "user": None} if alone else {"client": example.SIGNED_IN, "user": example.USER}
    ours = token.read(mirror.token(token_type=kind.removesuffix("_token"), **asked))
    shape = token.shape(theirs, ours) if ours else {}
    return {kind: shape} if shape else {}


def _nearest(text: str) -> tuple[str, tuple[str, ...]]:
    """The profile that has most in common with the recorded one, for what both of them say."""
    recorded = profile.settings(profile.parse(text, "recorded"))
    known = {name: profile.settings(profile.read(name)) for name in profile.names()}
    nearest = max(known, key=lambda name: difference.likeness(_published(known[name]), recorded))
    return nearest, tuple(difference.difference(known[nearest], recorded))


def _published(settings: Mapping[str, Any]) -> dict[str, Any]:
    """``settings`` without what no metadata shows: the aliases of endpoints."""
    first = {name: each[0] if isinstance(each, list) else each for name, each in settings.get("endpoints", {}).items()}
    return {**settings, "endpoints": first}
